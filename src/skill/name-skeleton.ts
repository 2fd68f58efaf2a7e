/**
 * What a name looks like, for telling apart names that people cannot: equal skeletons mean "may be taken for each
 * other", never "the same". Covers letter case, compatibility forms (full width, mathematical), accents, invisible
 * characters, separators, and the Cyrillic, Greek and Armenian letters that common fonts draw like Latin ones.
 */
export function nameSkeleton(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\p{Cc}]/gu, "")
    .toLowerCase();
  return Array.from(plain, (character) => lookalikes.get(character) ?? character)
    .join("")
    .replace(/[\s_.·•‐-―−-]+/gu, "-");
}

// After lower-casing. The digits are those that a terminal font makes hardest to tell from a letter.
const lookalikes = new Map(
  Object.entries({
    a: "аαɑ",
    b: "ьƅвβ",
    c: "сϲ",
    d: "ԁ",
    e: "еҽε",
    g: "ɡց",
    h: "һհн",
    i: "іιı",
    j: "јϳ",
    k: "кκ",
    l: "1ӏⅼ|",
    m: "мμ",
    n: "пηո",
    o: "0оοօσ",
    p: "рρ",
    q: "ԛզ",
    r: "г",
    s: "ѕ",
    t: "тτ",
    u: "υսц",
    v: "νѵ",
    w: "ԝωա",
    x: "хχ",
    y: "уүγ",
    z: "ᴢζ",
  }).flatMap(([latin, others]) => Array.from(others, (other): [string, string] => [other, latin])),
);
