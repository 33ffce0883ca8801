namespace Browser.Tests;

/// <summary>What is asked of a page in its own language.</summary>
internal static class Scripts
{
    /// <summary>Texts whose colour stands out too little from what lies behind them.</summary>
    public const string LowContrast =
        """
        () => {
          const parse = c => c.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = e => {
            for (; e; e = e.parentElement) {
              const c = parse(getComputedStyle(e).backgroundColor);
              if (c.length === 3 || c[3] > 0) return c;
            }
            return [255, 255, 255];
          };
          const low = new Set();
          for (const e of document.querySelectorAll('body *')) {
            if (['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(e.tagName) || !e.checkVisibility() || e.disabled) continue;
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            const style = getComputedStyle(e);
            const [a, b] = [light(parse(e instanceof SVGElement ? style.fill : style.color)), light(behind(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.add(e.tagName + '.' + e.getAttribute('class') + ' ' + ratio.toFixed(2));
          }
          return [...low];
        }
        """;

    /// <summary>What someone would miss who cannot see the page.</summary>
    public const string Unheard =
        """
        () => {
          const faults = [];
          const need = (found, what) => { if (!found) faults.push(what); };
          for (const landmark of ['header', 'nav[aria-label]', 'main', 'footer']) need(document.querySelectorAll(landmark).length === 1, 'one ' + landmark);
          need(document.documentElement.lang, 'a language');
          need(document.querySelectorAll('h1').length === 1, 'one h1');
          let level = 0;
          for (const h of document.querySelectorAll('h1, h2, h3, h4')) {
            need(Number(h.tagName[1]) <= level + 1, 'no step left out before ' + h.textContent);
            level = Number(h.tagName[1]);
          }
          for (const t of document.querySelectorAll('table')) {
            need(t.caption && t.caption.textContent, 'a caption');
            for (const th of t.querySelectorAll('th')) need(th.scope, 'a scope: ' + th.textContent);
            for (const tr of t.tBodies[0].rows) need(tr.cells[0].tagName === 'TH', 'a row heading in ' + t.caption.textContent);
          }
          for (const s of document.querySelectorAll('section')) need(document.getElementById(s.getAttribute('aria-labelledby')), 'a name for ' + s.id);
          for (const s of document.querySelectorAll('svg')) need(s.closest('[aria-hidden], [role=img]'), 'words for a chart');
          for (const s of document.querySelectorAll('svg[role=img]')) need(s.getAttribute('aria-label'), 'a label for a chart');
          for (const c of document.querySelectorAll('input, select')) need(c.labels.length === 1, 'a label for ' + c.id);
          for (const a of document.querySelectorAll('nav a')) need(document.querySelector(a.getAttribute('href')), 'a target of ' + a.textContent);
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          need(new Set(ids).size === ids.length, 'ids that are each used once');
          return faults;
        }
        """;

    /// <summary>The characters of each element's text, by number: so nothing is replaced on the way to the test.</summary>
    public const string Characters = "all => all.map(e => [...Array(e.textContent.length).keys()].map(i => e.textContent.charCodeAt(i)).join(' '))";
}
