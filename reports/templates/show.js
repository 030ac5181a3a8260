"use strict";
// What every part of the page uses: the record's data, elements made of text, numbers as read.
const DATA = JSON.parse(document.getElementById("data").textContent);

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value == null) continue;
    if (name === "onclick") node.addEventListener("click", value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function real(value) {
  if (value && typeof value === "object" && "$float" in value) {
    return { nan: NaN, inf: Infinity, "-inf": -Infinity }[value.$float];
  }
  return value;
}

function number(given, digits = 3) {
  const value = real(given);
  if (value === null || value === undefined) return "—";
  if (typeof value === "object") return value.$int || JSON.stringify(value);
  if (typeof value !== "number") return String(value);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (Object.is(value, -0)) return "-0";
  if (digits >= 17) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  return value.toPrecision(digits).replace(/\.?0+(?=e|$)/, "").replace("e+", "e");
}

// "0x1.8p+1" -> 3; null for anything else
function unhex(text) {
  const parts = /^(-?)0x([01])(?:\.([0-9a-f]+))?p([+-]?\d+)$/.exec(text);
  if (!parts) return null;
  const fraction = parts[3] ? parseInt(parts[3], 16) / 16 ** parts[3].length : 0;
  const value = (Number(parts[2]) + fraction) * 2 ** Number(parts[4]);
  return parts[1] ? -value : value;
}

function sign(verdict) {
  return make("span", { class: "sign v-" + verdict, "aria-hidden": "true" }, DATA.symbols[verdict]);
}

function worst(verdicts) {
  return DATA.order.find((verdict) => verdicts.includes(verdict)) || "not-run";
}

function own(object, key) {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function address(item, property) {
  return "#" + encodeURIComponent(item) + (property ? "/" + encodeURIComponent(property) : "");
}

function plural(count, noun) {
  return count + " " + noun + (count === 1 ? "" : "s");
}
