// The connection to the kernel: its loss is shown, and so is a server's silence, until it answers again, and a network
// that carries no WebSocket.

import { hideBanner, showBanner } from "./banner.js";
import { parseJson, t } from "./dom.js";

const BEAT = 2000; // milliseconds
const SELDOM = 5500; // milliseconds between questions to a server whose socket is open: each third beat
const PROMPT = 700; // milliseconds in which a server answers that has nothing else to do
const UPGRADE = 6000; // milliseconds in which a WebSocket opens, where the network lets it
const TRIPS = 5; // answers that fit in what a WebSocket takes to open on a slow network, and to carry its first message
const GIVEN_UP = 7; // sockets that were refused, after which Jupyter makes no more

/** Tell whether to ask the server: always where it is in doubt, else seldom. An answer takes time from a training. */
export const shouldAsk = ({ misses, waiting, socket, sinceAsked }) =>
  misses > 0 || waiting > 0 || socket !== "open" || sinceAsked >= SELDOM;

/** Name a server's answer: "here", its kernel is there; "other", the kernel is gone; "gone", the server is. */
export const answerOf = ({ ok, status }) => (ok ? "here" : status >= 502 ? "gone" : "other");

/** Name what a page lost, "" for nothing. A socket that stays open carries on where the server answers again.
 * blocked: as `isBlocked` has it, of a page that had a connection. */
export const lossOf = ({ answer, misses, socket, blocked = false, refused = 0 }) => {
  if (answer === "other" || (blocked && refused >= GIVEN_UP)) {
    return "lost";
  }
  if (blocked) {
    return "silent";
  }
  return misses < 2 ? "" : socket === "open" ? "silent" : "lost";
};

/** Tell whether WebSockets are blocked. Since the last that carried a message, two were refused; or the server knows of
 * none that is open here, so that a proxy opened it; or the first has waited too long for a network as slow as this one.
 * answeredIn, quickest: milliseconds in which the server answered now, and did at its quickest; where it takes far longer
 * than that, it is busy, and may open one yet. */
export const isBlocked = ({ refused, waited, upgraded = false, connections, answeredIn, quickest = 0 }) =>
  refused >= 2 ||
  (upgraded && connections === 0) ||
  (waited !== null && waited >= Math.max(UPGRADE, TRIPS * quickest) && answeredIn < 2 * quickest + PROMPT);

const config = () => parseJson(document.getElementById("jupyter-config-data")?.textContent, {});
let address = "";
let loss = ""; // as `lossOf` has it
let leaving = false;
let misses = 0;
let waiting = 0;
let askedAt = 0;

async function ask() {
  try {
    const signal = AbortSignal.timeout(4000);
    const response = await fetch(address, { cache: "no-store", credentials: "same-origin", signal });
    const { connections } = response.ok ? await response.json() : {};
    return { answer: answerOf(response), connections };
  } catch {
    return { answer: "gone" };
  }
}

// Of the page's parts that came over the network: what a busy server was quick with, too.
function quickest() {
  const parts = performance.getEntriesByType("resource");
  const times = parts
    .filter(({ transferSize, initiatorType }) => transferSize > 0 && initiatorType !== "fetch")
    .map(({ requestStart, responseStart }) => responseStart - requestStart);
  return times.length ? Math.min(...times) : 0;
}

const LOSSES = {
  lost: () => t("Se perdió la conexión. Lo que estaba entrenando sigue, mientras la máquina esté prendida."),
  silent: () =>
    t(
      "El programa no contesta: la máquina está muy ocupada, o se cortó la conexión. Lo que estaba entrenando sigue, mientras la máquina esté prendida. Si vuelve, este aviso se va solo.",
    ),
};

function showLoss(kind) {
  if (loss === "lost" || loss === kind || leaving) {
    return;
  }
  loss = kind;
  showBanner(kind, LOSSES[kind](), t("Volver a conectar"), reconnect);
}

function takeBack() {
  loss = "";
  hideBanner("silent");
}

async function reconnect(words) {
  if ((await ask()).answer === "gone") {
    words.textContent = t(
      "El programa todavía no responde. Fijate que siga abierto donde lo arrancaste, y probá otra vez.",
    );
  } else {
    location.reload();
  }
}

function showBlocked() {
  const text = t(
    "La red no deja que esta página hable con el programa: algo en el camino (un proxy, un antivirus) frena las conexiones WebSocket. Probá desde otra red, o mostrale este aviso a quien la administra.",
  );
  showBanner("blocked", text, t("Volver a cargar la página"), () => location.reload());
}

async function poll() {
  if (loss === "lost" || leaving || document.hidden) {
    return;
  }
  const begun = Date.now();
  const { upgraded } = window.poetas; // before the question: the server has counted it by then
  askedAt = begun;
  waiting += 1;
  const { answer, connections } = await ask();
  waiting -= 1;
  misses = answer === "gone" ? misses + 1 : 0;
  const { attempted, connected, refused, socket } = window.poetas;
  const blocked =
    answer === "here" &&
    socket !== "open" &&
    isBlocked({
      refused,
      connections,
      upgraded: upgraded && window.poetas.upgraded,
      waited: attempted === null ? null : Date.now() - attempted,
      answeredIn: Date.now() - begun,
      quickest: quickest(),
    });
  const kind = lossOf({ answer, misses, socket, blocked: blocked && connected, refused });
  if (kind) {
    showLoss(kind);
  } else if (answer === "here" && loss === "silent") {
    takeBack();
  } else if (blocked) {
    showBlocked();
  }
}

function beat() {
  if (shouldAsk({ misses, waiting, socket: window.poetas.socket, sinceAsked: Date.now() - askedAt })) {
    poll();
  }
}

/** Watch the connection of a page that has a kernel. */
export function watchConnection() {
  const { kernelId } = config();
  if (!kernelId) {
    return;
  }
  address = `${window.poetas.base || "/"}api/kernels/${encodeURIComponent(kernelId)}`;
  addEventListener("poetas-kernel", ({ detail }) => {
    if (detail === "open") {
      hideBanner("blocked");
      if (loss === "silent") {
        takeBack();
      }
    } else if (detail === "closed") {
      poll();
    } else {
      showLoss("lost");
    }
  });
  setInterval(beat, BEAT);
  document.addEventListener("visibilitychange", poll);
  addEventListener("pagehide", () => (leaving = true));
  addEventListener("beforeunload", () => {
    leaving = true;
    setTimeout(() => (leaving = false), 5000); // the learner may have chosen to stay
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
