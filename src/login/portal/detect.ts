import { accountList } from './accounts.ts'
import { approvalOf, likelyApproval } from './approval.ts'
import { neededBeside, questionOf } from './beside.ts'
import { submitWords, yesWords } from './buttonWords.ts'
import type { History } from './fields.ts'
import type { Finding } from './finding.ts'
import { formFindings, sendButton } from './formFindings.ts'
import { readForms } from './forms.ts'
import { foreignForm, interruptOf, setUpPage } from './interrupt.ts'
import { factorList } from './lists.ts'
import { adviceOf, captchaOf, closedDoor, cookieBanner, keyButtons, keyPrompt, onlyWay, passwordWay } from './obstacles.ts'
import { consentNames, stayWords } from './pageWords.ts'
import { providerList } from './providers.ts'
import { leadsAway } from './submit.ts'
import type { Button, View } from './view.ts'
import { namePlain } from './words.ts'

/**
 * What a page wants, by general means: the most likely first, and after it what is left once that has been done. Never empty.
 * Pure: the same view and history always give the same findings.
 */
export function detect(view: View, history: History): readonly [Finding, ...Finding[]] {
  const unreachable = unreachableOf(view)
  if (unreachable) return [unreachable]
  const forms = readForms(view, history)
  const interrupt = interruptOf(view, forms)
  const found: (Finding | undefined)[] = [cookieBanner(view), captchaOf(view, forms)]
  if (interrupt?.kind === 'interrupt' && interrupt.wants !== 'terms to be accepted') found.push(interrupt)
  const [form] = forms
  if (form && form.score > 0) found.push(neededBeside(view, form), ...formFindings(view, form))
  if (interrupt && !found.includes(interrupt)) found.push(interrupt)
  found.push(factorList(view))
  found.push(sendButton(view, undefined))
  found.push(closedDoor(view, forms))
  found.push(approvalOf(view))
  found.push(keyPrompt(view, forms, history))
  found.push(stayOf(view))
  found.push(likelyApproval(view, history))
  found.push(setUpPage(view, forms))
  found.push(accountList(view))
  found.push(foreignForm(forms))
  found.push(questionOf(view, forms))
  found.push(providerList(view, history))
  found.push(passwordWay(view, forms, history))
  found.push(continueOf(view))
  found.push(adviceOf(view))
  found.push(keyButtons(view, forms))
  found.push(onlyWay(view, history))
  const [first, ...rest] = found.filter((finding) => finding !== undefined)
  return first ? [first, ...rest] : [{ kind: 'nothing', why: 'nothing on the page is known' }]
}

/** The browser's own page instead of the portal's. */
function unreachableOf(view: View): Finding | undefined {
  const [top] = view.documents
  if (!top?.networkError) return undefined
  return { kind: 'unreachable', why: 'the browser shows an error of its own', error: top.networkError, url: top.url }
}

/** "Stay signed in?", "trust this browser?", "these attributes will be sent": the button that says yes. */
function stayOf(view: View): Finding | undefined {
  const said = [...view.texts.map(({ text }) => text), ...view.documents.map(({ title }) => title)]
  const names = [...view.fields, ...view.buttons].flatMap(({ id, name }) => [id, name]).map(namePlain)
  const phrase =
    said.map((text) => stayWords.find(text)).find(Boolean) ?? names.map((name) => consentNames.find(name)).find(Boolean)
  if (!phrase) return undefined
  const button = firstSaying(view, (text) => yesWords.find(text))
  return (
    button && {
      kind: 'press',
      why: `the page asks "${phrase}", and a button says "${button.text}"`,
      button: button.handle,
      checks: [],
      patient: false,
    }
  )
}

/** A page with nothing but one way on. It may go on by itself: hence `patient`. */
function continueOf(view: View): Finding | undefined {
  if (
    view.fields.some(
      (field) =>
        field.enabled && field.type !== 'checkbox' && field.type !== 'select' && !/search/i.test(`${field.type} ${field.name}`),
    )
  )
    return undefined
  const ways = view.buttons.filter(
    (button) => button.enabled && !leadsAway(button) && (submitWords.find(button.text) ?? yesWords.find(button.text)),
  )
  const submits = ways.filter(({ type }) => type === 'submit')
  const [button] = submits.length === 1 ? submits : ways
  if (!button || (ways.length > 1 && submits.length !== 1 && new Set(ways.map(({ text }) => text)).size > 1)) return undefined
  return { kind: 'press', why: `the only way on says "${button.text}"`, button: button.handle, checks: [], patient: true }
}

function firstSaying(view: View, says: (text: string) => string | undefined): Button | undefined {
  const buttons = view.buttons.filter((button) => button.enabled && says(button.text || button.label) && !leadsAway(button))
  return buttons.find(({ type }) => type === 'submit') ?? buttons[0]
}
