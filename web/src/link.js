// A link carries what is set, in its fragment: nothing of it reaches a server.
export function written(state) {
  const kept = {};
  if (state.readings.length > 0) kept.readings = state.readings;
  if (Object.keys(state.set).length > 0) kept.set = state.set;
  if (Object.keys(state.package).length > 0) kept.package = state.package;
  if (state.prior) kept.prior = true;
  if (Object.keys(kept).length === 0) return "";
  const bytes = new TextEncoder().encode(JSON.stringify(kept));
  const text = btoa(String.fromCharCode(...bytes));
  return "#s=" + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function read(fragment) {
  const state = { readings: [], set: {}, package: {}, prior: false };
  const found = /[#&]s=([A-Za-z0-9_-]+)/.exec(fragment);
  if (!found) return state;
  try {
    const text = atob(found[1].replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    const kept = JSON.parse(new TextDecoder().decode(bytes));
    const texts = (of) => Object.fromEntries(Object.entries(of ?? {}).filter(([, value]) => typeof value === "string"));
    return {
      readings: (kept.readings ?? []).filter((id) => typeof id === "string"),
      set: texts(kept.set),
      package: texts(kept.package),
      prior: kept.prior === true,
    };
  } catch {
    return state;
  }
}
