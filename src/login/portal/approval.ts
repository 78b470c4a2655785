import { otherWayWords } from './buttonWords.ts'
import type { Finding } from './finding.ts'
import { approvalWords } from './pageWords.ts'
import type { View } from './view.ts'

/** The page waits for an approval on another device, with or without a number to match there. */
export function approvalOf(view: View): Finding | undefined {
  const texts = [...view.texts.map(({ text }) => text), ...view.documents.map(({ title }) => title)]
  const phrase = texts.map((text) => approvalWords.find(text)).find(Boolean)
  if (!phrase) return undefined
  const otherWay = view.buttons.find((button) => button.enabled && otherWayWords.find(button.text))
  return {
    kind: 'approval',
    why: `the page says "${phrase}"`,
    number: numberToMatch(view),
    otherWay: otherWay?.handle,
    checks: [],
  }
}

const inSentence =
  /(?:number|nummer|numéro|número|numero|liczb\p{L}*|numer|番号|数字|숫자|번호|\benter|\bselect|\btap|\bchoose)[^\d.]{0,24}?(?<![\d*•x-])(\d{1,3})(?![\d:.%*-])(?!\s*(?:digits?|seconds?|sec|s|minutes?|min|sekunden|secondes|segundos|secondi|seconden|sekund|stellig\p{L}*|秒|초|分|분)\b)/iu

/** The number that a page shows to be matched on the device: one that stands alone in large letters, else one in a sentence. */
export function numberToMatch(view: View): string | undefined {
  const alone = view.texts.filter(({ text, kind }) => kind !== 'alert' && /^\d{1,3}$/.test(text)).sort((a, b) => b.size - a.size)
  if (alone[0]) return alone[0].text
  for (const { text } of view.texts) {
    const number = inSentence.exec(text)?.[1]
    if (number) return number
  }
  return undefined
}
