import { createParser } from 'css-selector-parser'
import { messageOf } from '../../../base/errors.ts'

/** Pseudo-classes that it does not know are left to the browser, which has the last word when the rule is first used. */
const parseSelector = createParser({ syntax: 'progressive' })

/** What is wrong with the form of a CSS selector; undefined when it is right. */
export function selectorProblem(selector: string): string | undefined {
  try {
    parseSelector(selector)
    return undefined
  } catch (error) {
    return messageOf(error)
      .replace(/^css-selector-parser parse error: /, '')
      .replace(/\. Pos: -?\d+\.$/, '')
  }
}
