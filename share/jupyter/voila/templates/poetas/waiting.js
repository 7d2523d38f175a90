(function () {
  "use strict";
  // Voilà's own texts, in the words of this page. Both names are used, at different times.
  var told = JSON.parse(document.getElementById("poetas-texts").textContent);
  function t(text) { return told[text] || text; }
  function waiting(done, all, text) {
    var spot = document.getElementById("loading_text");
    if (spot) { spot.textContent = text || t("Preparando la página: {done} de {all}").replace("{done}", done).replace("{all}", all); }
  }
  window.update_loading_text = waiting;
  window.voila_process = waiting;
  // Called when all cells are there, and again when Voilà's theme is: the later of the two shows the page.
  var finish = window.voila_finish;
  window.voila_finish = function () {
    finish();
    if (!document.getElementById("loading")) { document.getElementById("celdas").hidden = false; }
  };
  // The server may stop in the middle of the page: what comes after it, page.js too, never arrives, and some
  // browsers wait for the rest for ever. So ask now and then whether it is still there.
  function cut() {
    var spot = document.getElementById("loading");
    clearInterval(asking);
    if (window.poetas.whole || !spot) { return; }
    var words = document.createElement("p");
    words.className = "problem";
    words.setAttribute("role", "alert");
    words.textContent = t("La página no llegó entera. Tus textos y lo que guardaste siguen en su lugar.");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = t("Volver a cargar la página");
    button.addEventListener("click", function () { location.reload(); });
    spot.replaceChildren(words, button);
  }
  var misses = 0;
  var asking = setInterval(function () {
    if (window.poetas.whole) { clearInterval(asking); return; }
    fetch(window.poetas.base + "voila/templates/poetas/static/icon.svg", { cache: "no-store" }).then(
      function () { misses = 0; }, function () { misses += 1; if (misses >= 2) { cut(); } });
  }, 2000);
  document.addEventListener("DOMContentLoaded", cut);
  window.voila_heartbeat = function () {
    var spot = document.getElementById("loading_text");
    if (spot) { spot.textContent = t("Sigo preparando la página. La primera vez tarda más."); }
  };
})();
