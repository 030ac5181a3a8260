"use strict";
// Charts, by the plotting library; every one repeats numbers that a table has too.
const charts = [];

function theme() {
  const css = getComputedStyle(document.documentElement);
  const get = (name) => css.getPropertyValue(name).trim();
  return {
    ink: get("--ink"), quiet: get("--quiet"), line: get("--line"), bad: get("--bad"),
    series: ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"].map(get), cold: get("--cold"), warm: get("--warm"), paper: get("--paper"),
  };
}

// Plotly reads a little markup in its texts: names from a record must stay text.
function literal(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function layout(t, more) {
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color: t.ink, size: 12, family: getComputedStyle(document.body).fontFamily },
    margin: { l: 50, r: 12, t: 8, b: 44 }, hoverlabel: { bgcolor: t.paper, font: { color: t.ink } }, ...more,
  };
}

function draw(node, figure) {
  const paint = () => {
    const { traces, frame } = figure(theme());
    Plotly.react(node, traces, frame, { displayModeBar: false, responsive: true });
  };
  node.paint = paint;
  charts.push(node);
  paint();
}

// Bins below this one (exact results among them) are drawn in it.
const LEAST = -16;

function share(ratios, k, low) {
  if (k > low) return ratios[k] || 0;
  return Object.entries(ratios).reduce((sum, [bin, count]) => sum + (Number(bin) <= low ? count : 0), 0);
}

function drawRatios(node, series) {
  if (typeof Plotly === "undefined") return;
  const bins = series.flatMap(([, ratios]) => Object.keys(ratios).map(Number));
  const low = Math.min(Math.max(Math.min(...bins), LEAST), -8);
  const high = Math.max(...bins, 1);
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((k) => k % 4 === 0 || k === low);
  const xs = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  draw(node, (t) => ({
    traces: series.map(([name, ratios], i) => {
      const total = Object.values(ratios).reduce((a, b) => a + b, 0) || 1;
      return {
        type: "scatter", mode: "lines", line: { shape: "hvh", width: 2, color: t.series[i % 6] }, name: literal(name), x: xs,
        y: xs.map((k) => (100 * share(ratios, k, low)) / total), hovertemplate: "%{y:.3g} % up to 2^%{x}<extra>" + literal(name) + "</extra>",
      };
    }),
    frame: layout(t, {
      height: 290, legend: { orientation: "h", y: -0.28, yanchor: "top" }, showlegend: true, margin: { l: 50, r: 12, t: 12, b: 84 },
      xaxis: { title: { text: "log₂(error / bound)" }, gridcolor: t.line, zeroline: false, range: [low - 0.6, high + 0.6], tickvals: ticks, ticktext: ticks.map((k) => (k === low ? "≤ " : "") + k) },
      yaxis: { title: { text: "% of elements" }, gridcolor: t.line, rangemode: "tozero" },
      shapes: [{ type: "line", x0: 0.5, x1: 0.5, yref: "paper", y0: 0, y1: 1, line: { color: t.bad, width: 1.5, dash: "dot" } }],
      annotations: [{ x: 0.5, y: 1, yref: "paper", xanchor: "right", showarrow: false, text: "bound", font: { color: t.bad } }],
    }),
  }));
}

(() => {
  if (typeof Plotly === "undefined") return;
  const cells = Object.values(DATA.cells).flatMap((properties) => Object.values(properties).flat());
  const measured = cells.filter((cell) => cell.max_ratio !== null);

  function pooled() {
    const sums = new Map();
    for (const cell of measured) {
      const sum = sums.get(cell.dtype) || {};
      for (const [k, count] of Object.entries(cell.ratios)) sum[k] = (sum[k] || 0) + count;
      sums.set(cell.dtype, sum);
    }
    drawRatios(document.getElementById("pooled"), [...sums]);
  }

  // Ends of the heat map, as log2(error / bound), and where the bound is between them.
  const COLDEST = -8;
  const HOTTEST = 4;
  const bound = -COLDEST / (HOTTEST - COLDEST);

  function level(cell) {
    const ratio = real(cell.max_ratio);
    if (Number.isNaN(ratio) || ratio === Infinity) return HOTTEST;
    return ratio > 0 ? Math.min(Math.max(Math.log2(ratio), COLDEST), HOTTEST) : COLDEST;
  }

  function heat(node) {
    const rows = [...new Set(measured.map((cell) => cell.item))].reverse();
    const dtypes = [...new Set(measured.map((cell) => cell.dtype))];
    const properties = [...new Set(measured.map((cell) => cell.property))];
    const columns = properties.flatMap((property) => dtypes.filter((dtype) =>
      measured.some((cell) => cell.property === property && cell.dtype === dtype)).map((dtype) => [property, dtype]));
    const best = new Map();
    for (const cell of measured) {
      const key = JSON.stringify([cell.item, cell.property, cell.dtype]);
      if (!best.has(key) || level(cell) > level(best.get(key))) best.set(key, cell);
    }
    const at = (item, [property, dtype]) => best.get(JSON.stringify([item, property, dtype]));
    draw(node, (t) => ({
      traces: [{
        type: "heatmap", xgap: 1, ygap: 1, zmin: COLDEST, zmax: HOTTEST, hoverongaps: false,
        x: columns.map((_, i) => i), y: rows.map((_, i) => i),
        z: rows.map((item) => columns.map((column) => (at(item, column) ? level(at(item, column)) : null))),
        text: rows.map((item) => columns.map((column) => {
          const cell = at(item, column);
          return cell ? literal(item + " " + column.join(" ") + ": error " + number(cell.max_ratio) + " × bound") : "";
        })),
        hovertemplate: "%{text}<extra></extra>",
        colorscale: [[0, t.cold], [bound, t.series[0]], [bound, t.warm], [1, t.bad]],
        colorbar: { thickness: 10, len: 240, lenmode: "pixels", y: 1, yanchor: "top", tickvals: [-8, -4, 0, 4], ticktext: ["≤ 2⁻⁸", "2⁻⁴", "bound", "≥ 2⁴"] },
      }],
      frame: layout(t, {
        height: 110 + 15 * rows.length, margin: { l: 10, r: 10, t: 8, b: 100 }, font: { color: t.ink, size: 10.5, family: getComputedStyle(document.body).fontFamily },
        xaxis: { tickvals: columns.map((_, i) => i), ticktext: columns.map((column) => literal(column.join(" "))), tickangle: -90, automargin: true, fixedrange: true, showgrid: false, zeroline: false },
        yaxis: { tickvals: rows.map((_, i) => i), ticktext: rows.map(literal), automargin: true, fixedrange: true, showgrid: false, zeroline: false },
      }),
    }));
    node.on("plotly_click", (event) => {
      const point = event.points[0];
      location.hash = address(rows[point.y], columns[point.x][0]);
    });
  }

  function sortable(table) {
    const rows = () => [...table.tBodies[0].rows];
    const more = document.getElementById("all-errors");
    let all = !more;
    const limit = () => rows().forEach((row, place) => { row.hidden = !all && place >= 40; });
    for (const button of table.tHead.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        const head = button.closest("th");
        const order = head.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
        for (const th of table.tHead.querySelectorAll("[aria-sort]")) th.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        const key = (row) => Number(row.dataset[button.dataset.key].replace("inf", "Infinity"));
        const by = (a, b) => (order === "ascending" ? 1 : -1) * (key(a) === key(b) ? 0 : key(a) < key(b) ? -1 : 1);
        table.tBodies[0].append(...rows().sort(by));
        limit();
      });
    }
    if (more) {
      more.addEventListener("click", () => {
        all = true;
        more.hidden = true;
        limit();
      });
    }
  }

  const lazily = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    lazily.disconnect();
    pooled();
    heat(document.getElementById("heat"));
  }, { rootMargin: "600px" });
  lazily.observe(document.getElementById("pooled"));
  sortable(document.getElementById("errors"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const node of charts) if (node.isConnected) node.paint();
  });
})();
