import { approvalWords, deviceWords, requestWords, respondWords } from './approvalWords.ts'
import { submitWords, yesWords } from './buttonWords.ts'
import type { History } from './fields.ts'
import type { Finding } from './finding.ts'
import { otherWayOf } from './obstacles.ts'
import { leadsAway } from './submit.ts'
import type { Text, View } from './view.ts'

/** The page waits for an approval on another device, with or without a number to match there: it says so. */
export function approvalOf(view: View): Finding | undefined {
  const phrase = textsIn(view)
    .map((text) => approvalWords.find(text))
    .find(Boolean)
  return phrase ? approval(view, `the page says "${phrase}"`) : undefined
}

/** The same, taken from less: a number that stands out, or words of a request and of a device in one text. */
export function likelyApproval(view: View, history: History): Finding | undefined {
  // Where it can be approved on the page itself, it is not another device that is waited for.
  if (view.buttons.some((button) => button.enabled && grants(button.text) && !leadsAway(button))) return undefined
  const number = numberToMatch(view)
  const alone = number !== undefined && history.passwordGiven ? showsOnly(view, number) : undefined
  const why = alone ?? speaksOf(view)
  return why ? approval(view, why) : undefined
}

function grants(text: string): boolean {
  return yesWords.find(text) !== undefined && submitWords.find(text) === undefined
}

function approval(view: View, why: string): Finding {
  return { kind: 'approval', why, number: numberToMatch(view), otherWay: otherWayOf(view)?.handle, checks: [] }
}

function textsIn(view: View): string[] {
  return [...view.texts.map(({ text }) => text), ...view.documents.map(({ title }) => title)]
}

/** What was sent or is to be done, and the device that it is about. */
function speaksOf(view: View): string | undefined {
  for (const text of textsIn(view)) {
    const [device, request, respond] = [deviceWords, requestWords, respondWords].map((list) => list.find(text))
    const what = request ?? respond
    if (what && device) return `the page speaks of "${what}" and "${device}"`
  }
  return undefined
}

/** A page after the password that has nothing to fill in, and shows a number larger than all else: it is there to be matched. */
function showsOnly(view: View, number: string): string | undefined {
  if (view.fields.some(({ type, enabled }) => enabled && /^(text|tel|number|password|email)$/.test(type))) return undefined
  const sizes = view.texts.map(({ size }) => size)
  const largest = view.texts.filter(({ size }) => size === Math.max(...sizes))
  return largest.length === 1 && largest[0]?.text === number ? `"${number}" stands alone in the largest letters` : undefined
}

const inSentence =
  /(?:number|nummer|numéro|número|numero|liczb\p{L}*|numer|番号|数字|숫자|번호|\benter|\bselect|\btap|\bchoose)[^\d.]{0,24}?(?<![\d*•x-])(\d{1,3})(?![\d:.%*-])(?!\s*(?:digits?|seconds?|sec|s|minutes?|min|sekunden|secondes|segundos|secondi|seconden|sekund|stellig\p{L}*|秒|초|분|分)\b)/iu

/** The number that a page shows to be matched on the device: one that stands alone in large letters, else one in a sentence. */
export function numberToMatch(view: View): string | undefined {
  const largest = Math.max(...view.texts.map(({ size }) => size))
  // A longer one may be many things, unless nothing is written larger.
  const stands = ({ text, size }: Text) => /^\d{1,3}$/.test(text) || (/^\d{4,8}$/.test(text) && size === largest)
  const alone = view.texts.filter((text) => text.kind !== 'alert' && stands(text)).sort((a, b) => b.size - a.size)
  if (alone[0]) return alone[0].text
  for (const { text } of view.texts) {
    const number = inSentence.exec(text)?.[1]
    if (number) return number
  }
  return undefined
}
