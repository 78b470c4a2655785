import type { RecordedRule, Recording } from './rulesOf.ts'

/** The text of a recipe, in the form in which people write them. `url` is where it was recorded. */
export function recipeText({ rules, notes }: Recording, url: string): string {
  const host = new URL(url).host
  return [
    `# Recorded at ${host} by \`awsfed portal record\`. What a rule acts on must be shown for it to fire; each fires once, or \`max\` times.`,
    ...notes.map((note) => comment(note)),
    ...rules.map(ruleText),
    '',
  ].join('\n')
}

function ruleText(rule: RecordedRule): string {
  const { name, url, unless, fill, check, choose, click, max } = rule
  const lines = [
    `name = ${text(name)}`,
    url && `url = ${text(url)}`,
    unless && `unless = ${texts(unless)}`,
    fill &&
      `fill = { ${Object.entries(fill)
        .map(([selector, role]) => `${text(selector)} = ${text(role)}`)
        .join(', ')} }`,
    check && `check = ${texts(check)}`,
    choose &&
      `choose = { ${Object.entries(choose)
        .map(([key, value]) => `${key} = ${text(value)}`)
        .join(', ')} }`,
    click && `click = ${text(click)}`,
    max && `max = ${max}`,
  ]
  return `\n[[rule]]\n${lines.filter(Boolean).join('\n')}\n`.trimEnd()
}

function texts(list: readonly string[]): string {
  const [only, ...more] = list
  return only !== undefined && more.length === 0 ? text(only) : `[${list.map(text).join(', ')}]`
}

/** A text without quotes in it is written literally, so that a selector's backslashes stay as they are. */
function text(value: string): string {
  if (!/['\p{Cc}]/u.test(value) && /["\\]/.test(value)) return `'${value}'`
  // JSON's texts are TOML's basic strings, but for DEL, which TOML wants escaped.
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f')
}

function comment(note: string): string {
  return `# ${note.replace(/\p{Cc}/gu, ' ')}`
}
