// Shows the pairs that stand in this page as data. Whatever a text holds, it reaches the page as text: nothing here reads markup from data.
(() => {
  'use strict';

  const PAGE = 50;
  const KEPT = 12;
  const KINDS = {
    consistent: 'both orders tied', flip_first: 'flip: first slot twice', flip_second: 'flip: second slot twice', soft_model1: 'a tie in one order',
    soft_model2: 'a tie in one order', answer_model1: 'no answer', answer_model2: 'no answer', answer_both: 'no answer of either',
    judge_failed: 'judge failed', judge_unparsed: 'no clear verdict'
  };
  const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/u;

  const $ = id => document.getElementById(id);
  const explorer = $('explorer');
  if (!explorer) return;

  const blocks = kind => [...document.querySelectorAll('script[data-cfx="' + kind + '"]')];
  const arms = blocks('arms').map(b => JSON.parse(b.textContent));
  const packed = blocks('texts');
  // One entry a pair: comparison, id, category, outcome, kind, snippet, and where its texts are.
  const rows = [];
  blocks('index').forEach((b, block) => JSON.parse(b.textContent).forEach((r, place) =>
    rows.push({ comparison: r[0], id: r[1], category: r[2], outcome: r[3], kind: r[4], snippet: r[5], block, place, number: rows.length })));

  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text !== undefined && text !== null) made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  // Unpacking

  const unpacked = new Map();
  async function texts(block) {
    let known = unpacked.get(block);
    if (!known) {
      known = unpack(packed[block].textContent);
      unpacked.set(block, known);
      if (unpacked.size > KEPT) unpacked.delete(unpacked.keys().next().value);
    }
    return known;
  }

  async function unpack(base64) {
    let bytes;
    if (Uint8Array.fromBase64) {
      bytes = Uint8Array.fromBase64(base64);
    } else {
      const raw = atob(base64);
      bytes = new Uint8Array(raw.length);
      for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    }
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return JSON.parse(await new Response(stream).text());
  }

  const body = async row => {
    const [context, first, second, judgments, reason, conversation] = (await texts(row.block))[row.place];
    return { context, answers: [first, second], judgments, reason, conversation };
  };

  const spoken = [c => c[1], c => c[2], c => c[4]];
  function holds(row, texts, wanted) {
    const found = t => t && t.toLowerCase().includes(wanted);
    return found(row.id) || found(texts[5]) || found(texts[1]) || found(texts[2])
      || texts[0].some(m => found(m[1])) || texts[3].some(j => spoken.some(s => found(s(j))));
  }

  // Filters

  const filters = { search: $('search'), arm: $('arm'), outcome: $('outcome'), orders: $('orders'), category: $('category') };
  const option = (select, value, text) => {
    const made = element('option', text);
    made.value = value;
    select.append(made);
  };
  arms.forEach((a, i) => option(filters.arm, String(i), a[0] + ' vs ' + a[1]));
  [...new Set(rows.map(r => r.category))].sort().forEach(c => c && option(filters.category, c, c));

  const differs = r => r.kind.startsWith('flip') || r.kind.startsWith('soft');
  const orders = {
    '': () => true,
    agree: r => r.outcome !== 'i' && !differs(r),
    differ: differs,
    flip_first: r => r.kind === 'flip_first',
    flip_second: r => r.kind === 'flip_second',
    soft: r => r.kind.startsWith('soft')
  };
  const passes = r =>
    (filters.arm.value === '' || r.comparison === Number(filters.arm.value))
    && (filters.outcome.value === '' || r.outcome === filters.outcome.value)
    && (filters.category.value === '' || r.category === filters.category.value)
    && orders[filters.orders.value](r);

  let found = rows;
  let page = 0;
  let chosen = null;
  let run = 0;

  function nameOutcomes() {
    const pair = filters.arm.value === '' ? ['first-named', 'second-named'] : arms[Number(filters.arm.value)];
    filters.outcome.querySelector('[value="w"]').textContent = pair[0] + ' won';
    filters.outcome.querySelector('[value="l"]').textContent = pair[1] + ' won';
  }

  const number = n => n.toLocaleString('en');
  const tell = text => { $('count').textContent = text; };

  async function filter() {
    const mine = ++run;
    nameOutcomes();
    const kept = rows.filter(passes);
    const wanted = filters.search.value.trim().toLowerCase();
    page = 0;
    if (!wanted) {
      found = kept;
      list();
      return;
    }

    found = [];
    let at = 0;
    let painted = performance.now();
    while (at < kept.length) {
      const block = kept[at].block;
      const all = unpacked.has(block) ? await texts(block) : await unpack(packed[block].textContent);
      if (mine !== run) return;
      for (; at < kept.length && kept[at].block === block; at++) {
        if (holds(kept[at], all[kept[at].place], wanted)) found.push(kept[at]);
      }
      if (performance.now() - painted > 200) {
        tell('Searching … ' + Math.round(100 * at / kept.length) + ' %, ' + number(found.length) + ' found');
        await new Promise(done => setTimeout(done));
        if (mine !== run) return;
        painted = performance.now();
      }
    }
    list();
  }

  // The list

  const outcome = r => r.outcome === 'w' ? arms[r.comparison][0] + ' won' : r.outcome === 'l' ? arms[r.comparison][1] + ' won'
    : r.outcome === 't' ? (r.kind.startsWith('flip') ? 'tie (flip)' : 'tie') : 'incomplete';
  const part = text => encodeURIComponent(text.toWellFormed ? text.toWellFormed() : text.replace(/[\ud800-\udfff]/gu, '\ufffd'));
  const link = r => '#item=' + part(r.id) + '&comparison=' + r.comparison;

  function list() {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(page, pages - 1);
    const all = $('list');
    all.replaceChildren(...found.slice(page * PAGE, (page + 1) * PAGE).map(entry));
    all.scrollTop = 0;
    $('page').textContent = 'Page ' + number(page + 1) + ' of ' + number(pages);
    $('back').disabled = page === 0;
    $('forward').disabled = page >= pages - 1;
    tell(found.length === rows.length ? number(rows.length) + ' comparisons' : number(found.length) + ' of ' + number(rows.length) + ' comparisons');
    current();
  }

  function entry(r) {
    const item = element('li');
    const a = element('a');
    a.href = link(r);
    a.dataset.number = r.number;
    const top = element('div', null, 'top');
    const id = element('bdi', r.id + (r.category ? ' · ' + r.category : ''));
    top.append(id, element('bdi', outcome(r), 'chip ' + r.outcome));
    const snippet = element('div', r.snippet, 'snippet');
    snippet.dir = 'auto';
    a.append(top, snippet);
    item.append(a);
    return item;
  }

  function current() {
    for (const a of $('list').querySelectorAll('a')) {
      if (chosen && Number(a.dataset.number) === chosen.number) {
        a.setAttribute('aria-current', 'true');
        const box = $('list').getBoundingClientRect();
        const own = a.getBoundingClientRect();
        if (own.top < box.top || own.bottom > box.bottom) $('list').scrollTop += own.top - box.top - box.height / 3;
      } else {
        a.removeAttribute('aria-current');
      }
    }
  }

  // One comparison

  function marked(text, name) {
    const made = element('div', null, 'text' + (name ? ' ' + name : ''));
    made.dir = 'auto';
    const wanted = filters.search.value.trim().toLowerCase();
    const lower = text.toLowerCase();
    // Where lower case has another length, places do not fit.
    if (!wanted || lower.length !== text.length) {
      made.textContent = text;
      return made;
    }
    let from = 0;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
      made.append(text.slice(from, at), element('mark', text.slice(at, at + wanted.length)));
      from = at + wanted.length;
    }
    made.append(text.slice(from));
    return made;
  }

  function answer(r, pair, which) {
    const won = r.outcome === (which === 0 ? 'w' : 'l');
    const made = element('div', null, (won ? 'won' : '') + (which ? ' second' : ''));
    const title = element('h4');
    title.append(element('bdi', arms[r.comparison][which]), won ? ' – preferred' : '');
    made.append(title, pair === null || pair === '' ? element('p', 'No answer.', 'hint') : marked(pair));
    return made;
  }

  function judgment(r, [slotA, verdict, text, judge, reason]) {
    const [a, b] = slotA === 1 ? arms[r.comparison] : [...arms[r.comparison]].reverse();
    const made = element('div');
    const title = element('h4');
    const preferred = { A: a, B: b }[verdict];
    title.append(preferred ? element('bdi', preferred + ' preferred') : verdict === 'TIE' ? 'tie' : 'no verdict');
    const who = element('p', null, 'who');
    who.append('A was ', element('bdi', a), ', B was ', element('bdi', b), judge ? ' · ' : '', element('bdi', judge));
    made.append(title, text ? marked(text) : element('p', reason || 'No reply.', 'hint'), who);
    if (text && reason) made.append(element('p', reason, 'hint'));
    return made;
  }

  let drawing = 0;
  async function show(r, focus) {
    chosen = r;
    current();
    const mine = ++drawing;
    const detail = $('detail');
    let all;
    try {
      all = await body(r);
    } catch (fault) {
      detail.replaceChildren(element('p', 'This browser cannot unpack the texts (' + fault.message + '). They also stand in comparisons.csv.', 'hint'));
      return;
    }
    if (mine !== drawing) return;

    const back = element('a', '↑ Back to the list', 'totop');
    back.href = '#pairs';
    const title = element('h3');
    title.append(element('bdi', r.id));
    const meta = element('p', null, 'meta');
    meta.append(element('bdi', arms[r.comparison].join(' vs ')), r.category ? ' · ' : '', element('bdi', r.category),
      all.conversation && all.conversation !== r.id ? ' · conversation ' : '', element('bdi', all.conversation !== r.id ? all.conversation : ''));
    const result = element('p', null, 'result');
    result.append(element('bdi', outcome(r), 'chip ' + r.outcome), KINDS[r.kind] ? ' – ' + KINDS[r.kind] : '');
    const parts = [back, title, meta, result];
    if (all.reason) parts.push(element('p', all.reason, 'hint'));
    const everything = [...all.context.map(m => m[1]), ...all.answers, ...all.judgments.map(j => j[2])];
    if (everything.some(t => t && UNSEEN.test(t))) parts.push(element('p', 'These texts hold characters that cannot be seen, such as controls of direction.', 'hint'));

    parts.push(element('h4', 'Context'));
    for (const [role, content] of all.context) {
      const message = element('div', null, 'message' + (role === 'user' ? ' user' : ''));
      message.append(element('div', role, 'who'), marked(content));
      parts.push(message);
    }
    parts.push(element('h4', 'Answers'));
    const pair = element('div', null, 'pair');
    pair.append(answer(r, all.answers[0], 0), answer(r, all.answers[1], 1));
    parts.push(pair);
    if (all.judgments.length) {
      parts.push(element('h4', 'Judgments'));
      const both = element('div', null, 'pair');
      both.append(...all.judgments.map(j => judgment(r, j)));
      parts.push(both);
    }
    detail.replaceChildren(...parts);
    if (focus) {
      detail.focus({ preventScroll: true });
      if (matchMedia('(max-width: 860px)').matches) detail.scrollIntoView();
    }
  }

  // Links and keys

  function linked() {
    if (!location.hash.startsWith('#item=')) return null;
    const asked = new URLSearchParams(location.hash.slice(1));
    const comparison = asked.get('comparison');
    const id = asked.get('item');
    return rows.find(r => (r.id === id || part(r.id) === part(id)) && (comparison === null || r.comparison === Number(comparison))) || null;
  }

  function open(r, focus) {
    const at = found.indexOf(r);
    if (at >= 0 && Math.floor(at / PAGE) !== page) {
      page = Math.floor(at / PAGE);
      list();
    }
    return show(r, focus);
  }

  const go = r => {
    history.replaceState(null, '', link(r));
    open(r, false);
  };

  function step(by) {
    const at = chosen ? found.indexOf(chosen) : -1;
    const next = found[at < 0 ? (by > 0 ? 0 : found.length - 1) : at + by];
    if (next) go(next);
  }

  $('list').addEventListener('click', event => {
    const a = event.target.closest('a');
    if (!a || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, '', a.getAttribute('href'));
    open(rows[Number(a.dataset.number)], true);
  });

  $('list').addEventListener('keydown', event => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    const links = [...$('list').querySelectorAll('a')];
    const next = links[links.indexOf(document.activeElement) + move];
    if (next) next.focus();
  });

  // Single letters only while the explorer has the focus, so that no one who speaks to the page sets them off.
  $('pairs').addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches('input, select');
    if (typing) {
      if (event.key === 'Escape' && event.target === filters.search) {
        filters.search.value = '';
        filter();
      }
      return;
    }
    if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
    else if (event.key === '/') {
      event.preventDefault();
      filters.search.focus();
    }
  });

  const turn = by => { page += by; list(); };
  $('back').addEventListener('click', () => turn(-1));
  $('forward').addEventListener('click', () => turn(1));
  $('filters').addEventListener('submit', event => { event.preventDefault(); filter(); });
  for (const name of ['arm', 'outcome', 'orders', 'category']) filters[name].addEventListener('change', filter);
  let waiting;
  filters.search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 250);
  });
  const follow = () => {
    const r = linked();
    if (r) open(r, true).then(() => $('pairs').scrollIntoView());
  };
  addEventListener('hashchange', follow);
  addEventListener('popstate', follow);

  explorer.hidden = $('filters').hidden = $('keys').hidden = false;
  nameOutcomes();
  list();
  if (linked()) follow();
  else if (rows.length) show(rows[0], false);
})();
