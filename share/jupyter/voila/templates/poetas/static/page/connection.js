// The connection to the kernel: its loss is shown, and so is a server's silence, until it answers again, and a network
// that carries no WebSocket.

import { hideBanner, showBanner } from "./banner.js";
import { parseJson, t } from "./dom.js";

const BEAT = 2000; // milliseconds
const SELDOM = 5500; // milliseconds between questions to a server whose socket is open: each third beat
const PROMPT = 700; // milliseconds in which a server answers that has nothing else to do
const UPGRADE = 6000; // milliseconds in which a WebSocket opens, where the network lets it

/** Tell whether to ask the server: always where it is in doubt, else seldom. An answer takes time from a training. */
export const shouldAsk = ({ misses, waiting, socket, sinceAsked }) =>
  misses > 0 || waiting > 0 || socket !== "open" || sinceAsked >= SELDOM;

/** Name a server's answer: "here", its kernel is there; "other", the kernel is gone; "gone", the server is. */
export const answerOf = ({ ok, status }) => (ok ? "here" : status >= 502 ? "gone" : "other");

/** Name what a page lost, "" for nothing. A socket that stays open carries on where the server answers again. */
export const lossOf = ({ answer, misses, socket }) =>
  answer === "other" ? "lost" : misses < 2 ? "" : socket === "open" ? "silent" : "lost";

/** Tell whether WebSockets are blocked: none has ever opened, and two were refused or the first has waited too long.
 * answeredIn: milliseconds in which the server answered; where that was long, it is busy, and may open one yet. */
export const isBlocked = ({ everOpened, refused, sinceFirst, answeredIn }) =>
  !everOpened && (refused >= 2 || (sinceFirst !== null && sinceFirst >= UPGRADE && answeredIn < PROMPT));

const config = () => parseJson(document.getElementById("jupyter-config-data")?.textContent, {});
let address = "";
let loss = ""; // as `lossOf` has it
let leaving = false;
let misses = 0;
let waiting = 0;
let askedAt = 0;

function ask() {
  const signal = AbortSignal.timeout(4000);
  return fetch(address, { cache: "no-store", credentials: "same-origin", signal }).then(answerOf, () => "gone");
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
  if ((await ask()) === "gone") {
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
  askedAt = begun;
  waiting += 1;
  const answer = await ask();
  waiting -= 1;
  misses = answer === "gone" ? misses + 1 : 0;
  const kind = lossOf({ answer, misses, socket: window.poetas.socket });
  if (kind) {
    showLoss(kind);
  } else if (answer === "here" && loss === "silent") {
    takeBack();
  } else if (answer === "here" && isBlocked({ ...socketState(), answeredIn: Date.now() - begun })) {
    showBlocked();
  }
}

function socketState() {
  const { connected, refused = 0, firstAttempt = null } = window.poetas;
  return {
    everOpened: Boolean(connected),
    refused,
    sinceFirst: firstAttempt === null ? null : Date.now() - firstAttempt,
  };
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
