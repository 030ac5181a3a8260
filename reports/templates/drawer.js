"use strict";
// The drawer: everything about one property of one item. Its address is #item/property.
(() => {
  const drawer = document.getElementById("drawer");
  const body = document.getElementById("drawer-body");
  const title = document.getElementById("drawer-title");
  let opener = null;

  function table(heads, rows) {
    const kept = heads.map((_, i) => i < 2 || rows.some((row) => row[i] !== "—"));
    const pick = (list) => list.filter((_, i) => kept[i]);
    return make("div", { class: "scroll" }, make("table", { class: "numbers" },
      make("thead", {}, make("tr", {}, pick(heads).map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, rows.map((row) => make("tr", {}, pick(row).map((value, i) =>
        make(i ? "td" : "th", { scope: i ? null : "row", class: i > 2 ? "n" : null }, value)))))));
  }

  function pairs(entries) {
    return make("dl", { class: "pairs" }, entries.filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
  }

  function part(heading, ...children) {
    return make("section", {}, make("h3", {}, heading), children);
  }

  const where = (cell, all) => cell.dtype + (all.some((c) => c.device !== cell.device) ? " " + cell.device : "");

  function counts(cell) {
    const seen = DATA.order.filter((verdict) => cell.verdicts[verdict]);
    return seen.reverse().map((verdict) => make("span", { class: "tallied", title: DATA.meanings[verdict] },
      sign(verdict), " " + cell.verdicts[verdict] + " " + verdict + " "));
  }

  function overview(cells) {
    const heads = ["dtype", "verdict", "cases", "compared", "error / bound", "99th pct.", "grade A", "max ulp", "bits", "range-limited", "at kinks", "time"];
    return table(heads, cells.map((cell) => [
      where(cell, cells), [sign(cell.verdict), " " + cell.verdict], counts(cell), number(cell.compared),
      number(cell.max_ratio), number(cell.p99_ratio), number(cell.grade_a), number(cell.max_ulp), number(cell.bits),
      cell.range_limited ? number(cell.range_limited) : "—", cell.excluded_at_kinks ? number(cell.excluded_at_kinks) : "—",
      cell.seconds ? number(cell.seconds) + " s" : "—",
    ]));
  }

  function copyable(label, text) {
    const said = make("span", { role: "status", class: "quiet" });
    const block = make("pre", { tabindex: "0" }, make("code", {}, text));
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(text);
        said.textContent = "copied";
      } catch {
        getSelection().selectAllChildren(block);
        said.textContent = document.execCommand("copy") ? "copied" : "selected: copy it with the keyboard";
      }
    };
    return make("div", { class: "code" }, make("div", { class: "codebar" }, make("span", {}, label), said,
      make("button", { type: "button", class: "plain copy", onclick: copy }, "Copy")), block);
  }

  function failure(found, cell, cells) {
    const size = found.shrunk ? "shrunk case" : "case as drawn, not shrunk";
    return make("article", { class: "card failure v-edge-" + found.verdict },
      make("h4", {}, sign(found.verdict), " " + where(cell, cells) + " ", make("span", { class: "quiet" }, found.group)),
      make("p", { class: "message" }, found.message),
      pairs([
        ["cases", plural(found.count, "case") + " of " + cell.cases],
        ["first at", found.place],
        ["expected", found.expected === null ? null : number(found.expected, 9)],
        ["got", found.got === null ? null : number(found.got, 9)],
        ["allowed error", found.bound === null ? null : number(found.bound)],
        ["case", [make("code", {}, found.digest || "—"), " ", make("span", { class: "tag" }, size)]],
      ]),
      found.script ? copyable("standalone script", found.script) : null,
      found.case ? make("details", {}, make("summary", {}, "The case as JSON"),
        copyable("case", JSON.stringify(found.case, null, 2))) : null);
  }

  function explained(value) {
    if (value && typeof value === "object" && !("$float" in value) && !("$int" in value)) {
      if (Array.isArray(value)) return value.map((v) => number(v)).join(", ");
      return pairs(Object.entries(value).map(([name, inner]) => [name, explained(inner)]));
    }
    return number(value, 4);
  }

  // What the bounds engine says of a bound, in words; what it says beyond that is shown as it is.
  const WORDS = {
    C: "C, the factor", samples: "samples of the oracle under rounding", sigma: "sigma, their deviation",
    sigma_inputs: "sigma if the inputs alone are rounded", u: "u, the roundoff of the dtype", C_sigma: "C · sigma",
    u_value: "u · |expected|", phi: "phi, what underflow may add", flushed: "a sample underflowed",
    oracle_rounds_too: "doubled, as the oracle rounds too", formula: "formula with the largest sigma", normwise: "allowance relative to a norm",
    limited: "range-limited", untouched: "no operation rounds", accepted: "accepted results",
  };
  const TOLD = ["index", "value", "allowed", "dtype"];
  const IDLE = (name, value) => value === false || (name === "normwise" && value === 0) || (Array.isArray(value) && !value.length);
  const spoken = (name, value) => {
    if (value === true) return "yes";
    if (name === "formula" && typeof value === "number") return value ? "alternate " + value : "the documented one";
    return explained(value);
  };

  function reasons(explanation) {
    const { C_sigma: spread, u_value: rounding, phi, allowed, oracle_rounds_too: twice } = explanation;
    const total = (twice ? 2 : 1) * (spread + rounding + phi);
    const sum = Math.abs(total - allowed) <= 1e-9 * allowed // what adds up is shown as a sum
      ? make("p", { class: "sum" }, "allowed " + number(allowed, 4) + " = " + (twice ? "2 × (" : "") +
        "C · sigma " + number(spread, 4) + " + u · |expected| " + number(rounding, 4) + " + phi " + number(phi, 4) + (twice ? ")" : ""))
      : null;
    const said = Object.entries(explanation).filter(([name, value]) => !(sum && TOLD.includes(name)) && !IDLE(name, value));
    return [sum, pairs(said.map(([name, value]) => [own(WORDS, name) || name, spoken(name, value)]))];
  }

  const rough = (cell) => (Number.isNaN(real(cell.worst.ratio)) ? Infinity : real(cell.worst.ratio));

  function worstCase(cell, cells, open) {
    const at = cell.worst;
    const decimal = unhex(at.input);
    return make("article", { class: "card" },
      make("h4", {}, sign(cell.verdict), " " + where(cell, cells) + " ", make("span", { class: "quiet" }, "error " + number(at.ratio) + " × its bound")),
      pairs([
        ["input", at.input ? [make("code", {}, at.input), decimal === null ? "" : " = " + number(decimal, 9)] : null],
        ["place", at.place],
        ["expected", number(at.expected, 17)],
        ["got", number(at.got, 17)],
        ["allowed error", number(at.bound, 4)],
        ["case", at.case ? make("code", {}, at.case) : null],
      ]),
      Object.keys(at.explanation).length ? make("details", { open }, make("summary", {}, "Why it may be off by " + number(at.bound)),
        reasons(at.explanation)) : null);
  }

  function tallies(cells, fieldName) {
    const rows = cells.flatMap((cell) => Object.entries(cell[fieldName]).map(([text, count]) => [where(cell, cells), text, String(count)]));
    return rows.length ? table(["dtype", fieldName === "readings" ? "reading" : "reason", "cases"], rows) : null;
  }

  function deviations(cells) {
    const names = [...new Set(cells.flatMap((cell) => cell.deviations))];
    return names.map((name) => {
      const use = own(DATA.deviations, name);
      const web = use && /^https?:\/\//.test(use.link);
      return make("article", { class: "card deviation-" + (use ? use.state : "live") }, make("h4", {}, sign("deviation"), " " + name),
        use ? make("p", {}, use.reason) : null,
        use ? pairs([
          ["state", use.state], ["ceiling", use.ceiling], ["file", make("code", {}, use.file)],
          ["link", web ? make("a", { href: use.link, rel: "noopener noreferrer" }, use.link) : use.link],
        ]) : null);
    });
  }

  function statistics(cells) {
    return cells.flatMap((cell) => Object.entries(cell.statistics).map(([test, numbers]) =>
      make("article", { class: "card" }, make("h4", {}, where(cell, cells) + " ", make("span", { class: "quiet" }, test)),
        pairs(Object.entries(numbers).map(([name, value]) => [name, number(value, 4)])))));
  }

  function covered(item) {
    const known = own(DATA.coverage, item);
    if (!known) return null;
    return make("details", {}, make("summary", {}, "Arguments that the cases set"),
      pairs(Object.entries(known).map(([name, values]) => [make("code", {}, name),
        Object.entries(values).map(([value, count]) => make("span", { class: "value" }, make("code", {}, value), " ", make("span", { class: "count" }, String(count)), " "))])));
  }

  function filled(heading, children) {
    const list = [children].flat().filter(Boolean);
    return list.length ? part(heading, list) : null;
  }

  function show(item, property) {
    const properties = DATA.cells[item];
    const cells = properties[property];
    const verdict = worst(cells.map((cell) => cell.verdict));
    document.getElementById("drawer-chapter").textContent = cells[0].chapter;
    title.textContent = item;
    document.getElementById("drawer-properties").replaceChildren(...Object.keys(properties).map((name) =>
      make("a", { href: address(item, name), class: "chip", "aria-current": name === property ? "true" : null },
        sign(worst(properties[name].map((cell) => cell.verdict))), " " + name)));
    const bins = cells.some((cell) => Object.keys(cell.ratios).length);
    const chart = bins ? make("div", { class: "chart", role: "img", "aria-label": "Histogram of error over bound; the table above has the numbers" }) : null;
    body.replaceChildren(...[
      make("p", { class: "stated" }, sign(verdict), " ", make("b", {}, property + ": " + verdict), " — " + DATA.meanings[verdict]),
      overview(cells),
      filled("Failures", cells.flatMap((cell) => cell.failures.map((found) => failure(found, cell, cells)))),
      filled("Deviations", deviations(cells)),
      filled("Readings of the documentation", tallies(cells, "readings")),
      filled("Unsupported", tallies(cells, "unsupported")),
      filled("Nearest to the bound, and why the bound is what it is", cells.filter((cell) => cell.worst)
        .sort((a, b) => rough(b) - rough(a) || 0).map((cell, place) => worstCase(cell, cells, place === 0))),
      chart && part("Distribution of error / bound", chart),
      filled("Statistics", statistics(cells)),
      covered(item),
    ].filter(Boolean));
    if (!drawer.open) {
      opener = document.activeElement;
      drawer.showModal();
    }
    body.scrollTop = 0;
    title.focus();
    if (chart) drawRatios(chart, cells.map((cell) => [where(cell, cells), cell.ratios]));
  }

  function route() {
    let parts;
    try {
      parts = location.hash.slice(1).split("/").map(decodeURIComponent);
    } catch {
      return;
    }
    const properties = own(DATA.cells, parts[0]);
    if (!properties) {
      if (drawer.open) drawer.close();
      return;
    }
    const names = Object.keys(properties);
    const serious = worst(names.flatMap((name) => properties[name].map((cell) => cell.verdict)));
    const first = names.find((name) => properties[name].some((cell) => cell.verdict === serious));
    show(parts[0], own(properties, parts[1]) ? parts[1] : first);
  }

  drawer.addEventListener("close", () => {
    if (own(DATA.cells, decodeURIComponent(location.hash.slice(1).split("/")[0]))) {
      history.replaceState(null, "", location.pathname + location.search);
    }
    if (opener && opener !== document.body) opener.focus({ preventScroll: true });
  });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
  document.getElementById("close").addEventListener("click", () => drawer.close());
  // A square that is already in the address opens again.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute("href") === location.hash) route();
  });
  addEventListener("hashchange", route);
  addEventListener("DOMContentLoaded", route);
})();
