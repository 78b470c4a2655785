import { anotherAccount } from './accounts.ts'
import { numberToMatch } from './approval.ts'
import { fieldKey } from './context.ts'
import { factorOf } from './factors.ts'
import { codeBoxes } from './fields.ts'
import type { Choice, Filling, Finding } from './finding.ts'
import { isOpenQuestion, selectOf } from './formFindings.ts'
import { factorCalled, titleOf } from './lists.ts'
import { otherWayOf } from './obstacles.ts'
import type { FormFinding } from './progress.ts'
import type { FillRole, FixedText, Rule } from './rules.ts'
import type { Field, Match, View } from './view.ts'

/** What the rules that match want, in their order, each with the rule that it comes from. */
export function ruleFindings(rules: readonly Rule[], view: View): { rule: Rule; finding: Finding }[] {
  return rules.flatMap((rule) => {
    if (!matches(rule, view)) return []
    const finding = findingOf(rule, view)
    return finding ? [{ rule, finding }] : []
  })
}

function matches(rule: Rule, view: View): boolean {
  if (rule.url !== undefined && !view.documents.some(({ url }) => url.includes(rule.url ?? ''))) return false
  const shown = (selector: string) => (view.matches[selector]?.length ?? 0) > 0
  return rule.when.every(shown) && !(rule.unless ?? []).some(shown)
}

function findingOf(rule: Rule, view: View): Finding | undefined {
  const first = (selector: string | undefined): Match | undefined =>
    selector === undefined ? undefined : view.matches[selector]?.[0]
  const checks = (rule.check ?? []).flatMap((selector) => (view.matches[selector] ?? []).map(({ handle }) => handle))
  const why = whyOf(rule)
  if (rule.fill) return formOf(rule, view, checks)
  if (rule.choose) return choiceOf(rule, view, rule.choose)
  if (rule.wait === 'page') return { kind: 'nothing', why }
  if (rule.show !== undefined || rule.wait) {
    const number = first(rule.show)?.text.trim()
    // What such an element holds on other pages, a field or a sentence, is no number to match.
    const short = number !== undefined && /^\w{1,6}$/.test(number) ? number : undefined
    if (!short && !rule.wait) return undefined
    const otherWay = first(rule.click)?.handle ?? otherWayOf(view)?.handle
    return { kind: 'approval', why, number: short ?? numberToMatch(view), otherWay, checks }
  }
  const button = first(rule.click)
  return button && { kind: 'press', why, button: button.handle, checks, patient: false }
}

function whyOf({ name, at }: Rule): string {
  return at === undefined ? `rule ${name}` : `rule ${name} (${at})`
}

function choiceOf(rule: Rule, view: View, { options, about, pick }: NonNullable<Rule['choose']>): Finding | undefined {
  const all = (view.matches[options] ?? []).filter(({ enabled }) => enabled).flatMap((match) => choicesIn(match, view))
  const picked = pick === undefined ? [] : all.filter(({ text }) => says(text, pick))
  const choices = picked.length > 0 ? picked.slice(0, 1) : all
  if (choices.length === 0) return undefined
  const submit = rule.click === undefined ? undefined : view.matches[rule.click]?.[0]?.handle
  const other = about === 'account' ? anotherAccount(view)?.handle : undefined
  const rest = choices.filter(({ handle }) => handle !== other)
  return { kind: 'choice', why: whyOf(rule), about, title: titleOf(view), choices: rest, other, submit }
}

/** What one found element offers: itself, or the options of a select. */
function choicesIn({ handle, text, label }: Match, view: View): Choice[] {
  const field = view.fields.find((each) => each.handle === handle)
  const button = view.buttons.find((each) => each.handle === handle)
  const called = button && factorCalled(button)
  const choice = (said: string, radio: boolean, option: number | undefined) => ({
    handle,
    text: said,
    factor: called ?? factorOf(said),
    radio,
    option,
  })
  if (field?.type === 'select') return field.options.map((said, option) => choice(said, true, option))
  if (field) return [choice(field.label || field.near || text, field.type === 'radio', undefined)]
  // A button that says "Select" is called after its factor for those who do not see it.
  return [choice(factorOf(text) === undefined && factorOf(label) !== undefined ? label : text || label, false, undefined)]
}

function formOf(rule: Rule, view: View, checks: readonly string[]): Finding | undefined {
  const fills = Object.entries(rule.fill ?? {}).flatMap(([selector, what]) => fillOf(view, selector, what))
  const [one] = fills
  if (!one) return undefined
  const submit = rule.click === undefined ? undefined : view.matches[rule.click]?.[0]?.handle
  const { selects, radios } = rule.choose ? listsOf(view, rule.choose) : { selects: openIn(view, one), radios: [] }
  return {
    kind: 'form',
    why: whyOf(rule),
    document: one.document,
    fills,
    checks: [...checks, ...radios],
    ...(selects.length > 0 ? { selects } : {}),
    submit,
  }
}

type Selects = NonNullable<FormFinding['selects']>

/** The lists beside the fields that a rule fills: selects, and the radio that it picks. */
function listsOf(view: View, { options, pick }: NonNullable<Rule['choose']>): { selects: Selects; radios: readonly string[] } {
  const fields = fieldsOf(view, options)
  const picked = (text: string) => pick !== undefined && says(text, pick)
  return {
    selects: fields
      .filter(({ type }) => type === 'select')
      .map((field) => {
        // What is not picked is left out, in its place; where nothing is, the person chooses.
        const options = field.options.map((text) => (picked(text) ? text : ''))
        return options.some(Boolean) ? { ...selectOf(field), options } : selectOf(field)
      }),
    radios: fields
      .filter((field) => field.type === 'radio' && picked(field.label || field.near))
      .map(({ handle }) => handle)
      .slice(0, 1),
  }
}

/** What the portal leaves open in the form of a field, though the rule says nothing of it. */
function openIn(view: View, { handles: [first] }: Filling): Selects {
  const filled = view.fields.find(({ handle }) => handle === first)
  return view.fields
    .filter((field) => field.document === filled?.document && field.form === filled.form && isOpenQuestion(field))
    .map(selectOf)
}

function says(text: string, words: string): boolean {
  return text.toLowerCase().includes(words.toLowerCase())
}

function fieldsOf(view: View, selector: string): Field[] {
  const found = (view.matches[selector] ?? []).map(({ handle }) => view.fields.find((field) => field.handle === handle))
  return found.filter((field) => field !== undefined).filter(({ enabled }) => enabled)
}

/** What to type into the first field that `selector` finds; or into all, where a code has a box for each character. */
function fillOf(view: View, selector: string, what: FillRole | FixedText): (Filling & { readonly document: number })[] {
  const fields = fieldsOf(view, selector)
  const [field] = fields
  if (!field) return []
  const role = typeof what === 'string' ? what : 'text'
  const boxes = role === 'otp' ? codeBoxes(fields) : []
  return [
    {
      role,
      text: typeof what === 'string' ? undefined : what.text,
      handles: (boxes.length > 0 ? boxes : [field]).map(({ handle }) => handle),
      title: field.label || field.placeholder || undefined,
      // As detection names it: the same form is the same, whoever has found it.
      key: fieldKey(role, field),
      filled: field.filled,
      document: field.document,
    },
  ]
}
