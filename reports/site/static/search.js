/* Search and filters over the archive, in the browser and from a folder: see reports/site/search.py. */
"use strict";
const seedwatch = (() => {
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const PAGE = 50;
  const form = document.getElementById("search");
  const list = document.getElementById("hits");
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  const total = Number(form.dataset.segments);
  const segments = [];
  let loaded = 0, loading = null, shown = PAGE, started = 0;

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => (fold(text).match(/[\p{L}\p{N}]+/gu) || []).map((word) => word.slice(0, 40));

  function segment(number, content) {
    content.terms = content.terms.split(" ");
    content.found = content.found.split("|");
    content.titles = content.papers.map((paper) => fold(paper[1]));
    segments[number] = content;
    loaded += 1;
  }

  function load() {
    loading = loading || Promise.all(Array.from({ length: total }, (_, number) => new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `search/${number}.js`;
      script.onload = done;
      script.onerror = () => failed(new Error(script.src));
      document.head.append(script);
    })));
    return loading;
  }

  /* The first term that is not before the word: all that begin with it follow. */
  function lower(terms, word) {
    let low = 0, high = terms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (terms[middle] < word) low = middle + 1; else high = middle;
    }
    return low;
  }

  function holders(content, word) {
    const found = new Set();
    for (let at = lower(content.terms, word); at < content.terms.length && content.terms[at].startsWith(word); at += 1) {
      const digits = content.found[at];
      for (let place = 0, last = -1; place < digits.length; place += 1) {
        let distance = DIGITS.indexOf(digits[place]);
        if (digits[place] === ".") {
          distance = DIGITS.indexOf(digits[place + 1]) * 64 + DIGITS.indexOf(digits[place + 2]);
          place += 2;
        }
        last += distance + 1;
        found.add(last);
      }
    }
    return found;
  }

  function search(wanted) {
    const asked = words(wanted.q || "");
    const tags = Object.entries(wanted).filter(([name, value]) => name !== "q" && value).map((pair) => pair.join("="));
    const hits = [];
    segments.forEach((content) => {
      const needed = tags.map((tag) => content.tags.indexOf(tag));
      if (needed.includes(-1)) return;
      const sets = asked.map((word) => holders(content, word));
      content.papers.forEach((paper, at) => {
        if (!sets.every((set) => set.has(at)) || !needed.every((tag) => paper[9].includes(tag))) return;
        const inTitle = asked.filter((word) => content.titles[at].includes(word)).length;
        hits.push([inTitle, paper]);
      });
    });
    return hits.sort((a, b) => b[0] - a[0] || (a[1][7] < b[1][7] ? 1 : a[1][7] > b[1][7] ? -1 : 0))
      .map((hit) => hit[1]);
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  function card(paper) {
    const [pmid, title, names, journal, published, watch, number, made, badges] = paper;
    const item = document.createElement("li");
    const heading = document.createElement("h2");
    heading.append(element("a", title, { href: `article/${pmid}.html` }));
    const line = element("p", [names, journal, published].filter(Boolean).join(" · "), { class: "soft" });
    const told = element("p", badges.map((badge) => `${badge} · `).join(""), { class: "soft" });
    const name = form.dataset.watches > 1 ? `${watch} digest ${number}` : `Digest ${number}`;
    told.append(element("a", name, { href: `${encodeURIComponent(watch)}/digest/${number}.html` }), `, ${made} · PMID ${pmid}`);
    item.append(heading, line, told);
    return item;
  }

  function wanted() {
    const asked = {};
    new URLSearchParams(location.hash.slice(1)).forEach((value, name) => { asked[name] = value; });
    return asked;
  }

  function typed() {
    const asked = new URLSearchParams();
    [...form.elements].forEach((field) => {
      const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim();
      if (field.name && value) asked.set(field.name, value);
    });
    return asked.toString();
  }

  function fill(asked) {
    [...form.elements].forEach((field) => {
      if (!field.name) return;
      if (field.type === "checkbox") field.checked = asked[field.name] === "1";
      else if (field !== document.activeElement) field.value = asked[field.name] || "";
    });
  }

  async function answer() {
    const asked = wanted();
    fill(asked);
    if (!Object.values(asked).some(Boolean)) {
      list.replaceChildren();
      more.hidden = true;
      count.textContent = form.dataset.start;
      return;
    }
    if (loaded < total) {
      count.textContent = "Loading the index …";
      try {
        await load();
      } catch (error) {
        count.textContent = `The index could not be loaded (${error.message}): build the site again.`;
        return;
      }
    }
    started = performance.now();
    const hits = search(wanted());
    list.replaceChildren(...hits.slice(0, shown).map(card));
    more.hidden = hits.length <= shown;
    count.textContent = hits.length === 1 ? "1 paper" : `${hits.length.toLocaleString("en")} papers`;
    form.dataset.took = (performance.now() - started).toFixed(1);
  }

  form.addEventListener("input", (event) => {
    shown = PAGE;
    if (event.target.type !== "search") return;
    history.replaceState(null, "", `#${typed()}`);
    answer();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "search") return;
    location.hash = typed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    (list.querySelector("a") || form.elements.q).focus();
  });
  form.elements.q.addEventListener("focus", () => { load().catch(() => {}); }, { once: true });
  more.addEventListener("click", () => { shown += PAGE; answer(); });
  window.addEventListener("hashchange", () => { shown = PAGE; answer(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      form.elements.q.focus();
    }
  });
  document.addEventListener("DOMContentLoaded", answer);
  return { segment };
})();
