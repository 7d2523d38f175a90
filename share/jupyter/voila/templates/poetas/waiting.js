// Voilà's own texts while a page is prepared, in the words of this page, and what is shown if it never ends.
(() => {
  const translations = JSON.parse(document.getElementById("poetas-texts").textContent);
  const t = (text) => translations[text] || text;
  const HEARTBEATS = 40; // of 10 s: longer than Voilà waits for a kernel or for a cell's output
  let heartbeats = 0;

  function say(text) {
    const line = document.getElementById("loading_text");
    if (line) {
      line.textContent = text;
    }
  }
  function showProgress(done, all, text) {
    heartbeats = 0;
    say(text || t("Preparando la página: {done} de {all}").replace("{done}", done).replace("{all}", all));
  }
  // Both names are used, at different times.
  window.update_loading_text = showProgress;
  window.voila_process = showProgress;
  window.voila_heartbeat = () => {
    heartbeats += 1;
    say(t("Sigo preparando la página. La primera vez tarda más."));
    if (heartbeats >= HEARTBEATS) {
      showIncomplete();
    }
  };

  // Called when all cells are there, and again when Voilà's theme is: the later of the two shows the page.
  const finish = window.voila_finish;
  window.voila_finish = () => {
    finish();
    if (!document.getElementById("loading")) {
      document.getElementById("celdas").hidden = false;
    }
  };

  // The server may stop in the middle of the page: then page.js never arrives, and some browsers wait for the rest for
  // ever. So ask now and then whether it is still there.
  function showIncomplete() {
    const loading = document.getElementById("loading");
    clearInterval(asking);
    if (window.poetas.whole || !loading) {
      return;
    }
    const words = document.createElement("p");
    words.className = "problem";
    words.setAttribute("role", "alert");
    words.textContent = t("La página no llegó entera. Tus textos y lo que guardaste siguen en su lugar.");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = t("Volver a cargar la página");
    button.addEventListener("click", () => location.reload());
    loading.replaceChildren(words, button);
  }
  let misses = 0;
  async function ask() {
    if (window.poetas.whole) {
      clearInterval(asking);
      return;
    }
    try {
      await fetch(`${window.poetas.base}voila/templates/poetas/static/icon.svg`, { cache: "no-store" });
      misses = 0;
    } catch {
      misses += 1;
      if (misses >= 2) {
        showIncomplete();
      }
    }
  }
  const asking = setInterval(ask, 2000);
  document.addEventListener("DOMContentLoaded", showIncomplete);
})();
