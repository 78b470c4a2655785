import type { Rule } from '../rules.ts'
import type { Handle, View } from '../view.ts'

/** What stands in a step of `awsfed portal check`. */

/** The address of a page without query and fragment, which may hold names and tickets. */
export function addressOf(view: View | undefined): string {
  return (view?.documents[0]?.url ?? '').split(/[?#]/)[0] ?? ''
}

/** What a page calls an element: its text or label, else its name or id. */
export function calledIn(views: readonly View[], handle: Handle): string {
  for (const { buttons, fields, matches } of views) {
    const button = buttons.find((each) => each.handle === handle)
    if (button) return button.text || button.label || `#${button.id || button.name}`
    const field = fields.find((each) => each.handle === handle)
    if (field) return field.label || field.placeholder || `#${field.id || field.name}`
    const match = Object.values(matches)
      .flat()
      .find((each) => each.handle === handle)
    if (match) return match.text || match.label
  }
  return ''
}

/** Why a rule has matched. */
export function matchedBy({ when, unless, url }: Rule): string {
  const parts = [
    when.length > 0 ? `${when.join(' and ')} shown` : '',
    unless ? `${unless.join(' and ')} not` : '',
    url === undefined ? '' : `the address contains ${url}`,
  ]
  return parts.filter(Boolean).join(', ') || 'it matches everywhere'
}

/** The forms in which a page may show a user name: whole, without its domain. */
export function formsOf(name: string): string[] {
  const local = name.replace(/^.*\\/, '').replace(/@.*$/, '')
  return [name, local].filter((form, index, all) => form.length > 2 && all.indexOf(form) === index)
}

/** `text` with `(user name)` in the place of each of `names`. */
export function withoutNames(text: string, names: readonly string[]): string {
  const longestFirst = [...names].sort((a, b) => b.length - a.length)
  return longestFirst.reduce((shown, name) => shown.replace(new RegExp(escaped(name), 'gi'), '(user name)'), text)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
