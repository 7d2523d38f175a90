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
  window.voila_heartbeat = function () {
    var spot = document.getElementById("loading_text");
    if (spot) { spot.textContent = t("Sigo preparando la página. La primera vez tarda más."); }
  };
})();
