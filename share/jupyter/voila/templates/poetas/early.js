(function () {
  "use strict";
  // A page's kernel is shut down, when its tab closes, by a request that needs this cookie; a page opened by its
  // own address has none, and its kernel would stay behind.
  if (!/(^|;\s*)_xsrf=/.test(document.cookie)) {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    var value = Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    document.cookie = "_xsrf=" + value + "; path=" + window.poetas.base + "; SameSite=Strict";
  }

  // The token has done its work (the server answered with a cookie of its own): out of the address bar, the
  // history and whatever is copied from them.
  var address = new URL(location.href);
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(history.state, "", address);
  }

  // A kernel that dies is started again, empty, and Voilà says nothing: listen to what its WebSocket says. The
  // quotation marks of a text inside a message are escaped, so that no text of anybody looks like this.
  var sign = /"execution_state":\s*"(restarting|dead)"/;
  var decoder = new TextDecoder();
  function look(data) {
    if (data instanceof Blob) {
      if (data.size < 8192) { data.text().then(look); }
      return;
    }
    if (data instanceof ArrayBuffer) {
      if (data.byteLength > 8192) { return; }
      data = decoder.decode(data);
    }
    var found = typeof data === "string" && data.length < 8192 && sign.exec(data);
    if (found) { tell(found[1]); }
  }
  function tell(what) {
    if (what === "open") { window.poetas.connected = true; }
    window.dispatchEvent(new CustomEvent("poetas-kernel", { detail: what }));
  }
  var Original = window.WebSocket;
  function Watched(url, protocols) {
    var socket = protocols === undefined ? new Original(url) : new Original(url, protocols);
    if (String(url).indexOf("/api/kernels/") >= 0) {
      socket.addEventListener("message", function (event) { look(event.data); });
      socket.addEventListener("open", function () { tell("open"); });
      socket.addEventListener("close", function () { tell("closed"); });
    }
    return socket;
  }
  Watched.prototype = Original.prototype;
  ["CONNECTING", "OPEN", "CLOSING", "CLOSED"].forEach(function (name) { Watched[name] = Original[name]; });
  window.WebSocket = Watched;
})();
