// Keeps a page live: a change on the server is told as a topic, never as a figure, and htmx fetches
// the parts of the page that wait for it. Where no stream opens, the state is asked for every ten
// seconds; unchanged, that answers 304 without a body.
(() => {
  const page = document.querySelector("[data-live-ticket]");
  if (!page) return;
  const EVERY = 10_000;
  let known = "";
  let timer = 0;
  let tag = "";

  const parts = (state) =>
    new Map(state.split("-").map((part) => [part.slice(0, part.lastIndexOf(".")), part]));

  const tell = (topic) => document.body.dispatchEvent(new CustomEvent(`live:${topic}`));

  const compare = (state) => {
    if (known && state !== known) {
      const before = parts(known);
      for (const [topic, part] of parts(state)) if (before.get(topic) !== part) tell(topic);
    }
    known = state;
  };

  const poll = async () => {
    if (document.hidden) return;
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(page.dataset.liveState, { headers, cache: "no-store" }).catch(() => null);
    if (!answer || answer.status !== 200 || answer.redirected) return;
    tag = answer.headers.get("ETag") || "";
    compare(await answer.text());
  };

  const pollOn = () => {
    if (!timer) timer = setInterval(poll, EVERY);
  };

  const listen = async () => {
    const answer = await fetch(page.dataset.liveTicket, { cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return pollOn();
    const { stream, ticket, topics, state } = await answer.json();
    compare(state);
    const query = new URLSearchParams({ ticket, since: known });
    const source = new EventSource(`${stream}?${query}`);
    source.onopen = () => {
      clearInterval(timer);
      timer = 0;
    };
    for (const topic of topics) {
      source.addEventListener(topic, (event) => {
        known = event.lastEventId || known;
        tell(topic);
      });
    }
    source.onerror = () => {
      pollOn();
      // A ticket that has run out closes the stream for good: a new one is asked for.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, EVERY);
    };
  };

  // Parts that were fetched again come as the server wrote them: what needs scripts is still hidden.
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
  });

  if ("EventSource" in window) listen();
  else pollOn();
})();
