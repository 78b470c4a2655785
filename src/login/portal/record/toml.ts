import type { RecordedRule, Recording } from './recording.ts'
import { tomlText } from './tomlText.ts'

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
    `name = ${tomlText(name)}`,
    url && `url = ${tomlText(url)}`,
    unless && `unless = ${texts(unless)}`,
    fill &&
      `fill = { ${Object.entries(fill)
        .map(([selector, role]) => `${tomlText(selector)} = ${tomlText(role)}`)
        .join(', ')} }`,
    check && `check = ${texts(check)}`,
    choose &&
      `choose = { ${Object.entries(choose)
        .map(([key, value]) => `${key} = ${tomlText(value)}`)
        .join(', ')} }`,
    click && `click = ${tomlText(click)}`,
    max && `max = ${max}`,
  ]
  return `\n[[rule]]\n${lines.filter(Boolean).join('\n')}\n`.trimEnd()
}

function texts(list: readonly string[]): string {
  const [only, ...more] = list
  return only !== undefined && more.length === 0 ? tomlText(only) : `[${list.map(tomlText).join(', ')}]`
}

function comment(note: string): string {
  return `# ${note.replace(/\p{Cc}/gu, ' ')}`
}
