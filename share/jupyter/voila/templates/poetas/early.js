// What must run before any of Voilà's scripts: the cookie, the token, and an eye on the WebSockets.
(() => {
  // A page's kernel is shut down, when its tab closes, by a request that needs this cookie (voila #1458); a page opened
  // by its own address has none, and its kernel would stay behind.
  if (!/(^|;\s*)_xsrf=/.test(document.cookie)) {
    const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
    const value = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, and not in every browser
    document.cookie = `_xsrf=${value}; path=${window.poetas.base}; SameSite=Strict`;
  }

  // The token has done its work (the server answered with a cookie of its own): out of the address bar, the history and
  // whatever is copied from them.
  const address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(history.state, "", address);
  }

  // A kernel that dies is started again, empty, and Voilà says nothing (voila #67): so read its state in the messages of
  // the WebSocket. The quotation marks of a text inside a message are escaped: no learner's text matches.
  const state = /"execution_state":\s*"(restarting|dead)"/;
  const LONGEST = 8192; // bytes of a message that can be one about the kernel's state
  const decoder = new TextDecoder();
  function readMessage(data) {
    if (data instanceof Blob) {
      if (data.size < LONGEST) {
        data.text().then(readMessage);
      }
    } else if (data instanceof ArrayBuffer) {
      if (data.byteLength < LONGEST) {
        readMessage(decoder.decode(data));
      }
    } else if (data.length < LONGEST) {
      const match = state.exec(data);
      if (match) {
        announce(match[1]);
      }
    }
  }

  // The page's modules come later: what they missed is kept here. Of the sockets since the last that carried a message:
  // refused, how many closed; attempted, when the first was made; upgraded, whether one is open, as far as is known.
  const none = { refused: 0, attempted: null, upgraded: false };
  Object.assign(window.poetas, { connected: false, socket: "" }, none);
  function announce(event) {
    window.poetas.socket = event;
    window.dispatchEvent(new CustomEvent("poetas-kernel", { detail: event }));
  }

  const LONGEST_HOLD = 15_000; // milliseconds
  const holdAfter = (refused) => (refused ? Math.min(LONGEST_HOLD, 1000 * 2 ** (refused - 1)) : 0);

  window.WebSocket = class extends WebSocket {
    constructor(url, ...rest) {
      super(url, ...rest);
      if (!String(url).includes("/api/kernels/")) {
        return;
      }
      // It is open once a message has come: some proxies accept a WebSocket and carry nothing.
      let carried = false;
      let held = false;
      window.poetas.attempted ??= Date.now();
      // Jupyter begins its pauses between attempts again where a socket opens: behind a proxy that opens and closes each
      // of them, it would make them without a pause. So after one that carried nothing, it hears that the next is open
      // only when that has stayed so for a while, or has carried a message.
      const release = () => {
        if (held && this.readyState === WebSocket.OPEN) {
          held = false;
          this.dispatchEvent(new Event("open"));
        }
      };
      this.addEventListener("open", (event) => {
        if (!event.isTrusted) {
          return;
        }
        window.poetas.upgraded = true;
        const hold = holdAfter(window.poetas.refused);
        if (hold) {
          held = true;
          event.stopImmediatePropagation();
          setTimeout(release, hold);
        }
      });
      this.addEventListener("message", (event) => {
        if (!carried) {
          carried = true;
          Object.assign(window.poetas, none, { connected: true });
          release();
          announce("open");
        }
        readMessage(event.data);
      });
      this.addEventListener("close", () => {
        window.poetas.upgraded = false;
        window.poetas.refused += carried ? 0 : 1;
        announce("closed");
      });
    }
  };
})();
