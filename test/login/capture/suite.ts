import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Capture } from '../../../src/login/capture/capture.ts'
import { until } from '../browser/support.ts'
import type { Posted } from './postingPortal.ts'
import { type Variant, variants } from './variants.ts'

const host = 'signin.aws.amazon.com'
export const acs = `https://${host}/saml`
export const mcas = `${host}.mcas.ms`
const lookAlike = `${host}.example.com`

/** The names under which AWS's stand-in is to be found. */
export const awsNames = [host, `eu-west-1.${host}`, 'signin.amazonaws.cn', mcas, lookAlike]

/** A page of the portal in a tab of its own, in a browser that is watched. */
interface Watched {
  readonly capture: Capture
  /** Waits until the tab has this title. */
  titleIs(title: string): Promise<void>
  /** What an expression is in the tab's page. */
  read(expression: string): Promise<unknown>
}

/** A browser whose capture is tested. */
export interface Subject {
  watched<T>(posted: Posted, then: (watched: Watched) => Promise<T>): Promise<T>
  /** What AWS's stand-in has heard. */
  requests(): readonly string[]
}

const assertion = (bytes: number) => randomBytes(bytes).toString('base64')

function capturedFrom(subject: Subject, script: string, saml: string, to = acs) {
  return subject.watched({ script, saml, acs: to }, ({ capture }) =>
    Promise.race([capture.captured, capture.gone.then((error) => Promise.reject(error))]),
  )
}

/** Every way to post, byte by byte, while AWS hears nothing. */
export function variantsAreCaught(subject: Subject, which: (variant: Variant) => boolean = () => true): void {
  describe('an assertion is caught byte by byte, and AWS hears nothing, when it is posted by a', () => {
    test.each(variants.filter(which))('$name', async ({ script }) => {
      const saml = assertion(3 * 1024)
      expect(await capturedFrom(subject, script, saml)).toEqual({ samlResponse: saml, acs })
      expect(subject.requests()).toEqual([])
    })
  })
}

/** What the browser itself does not let a page do: nothing is caught, and nothing leaks. */
export function blockedIsNotPosted(subject: Subject): void {
  test('a form of a data: page in the place of the portal’s: browsers do not go there from a page', () => {
    const goes = "location = 'data:text/html,' + encodeURIComponent(page('form().submit()'))"
    const script = `${goes}; setTimeout(() => { document.title = 'still here' }, 500)`
    return subject.watched({ script, saml: assertion(1024), acs }, async ({ capture, titleIs }) => {
      await titleIs('still here')
      expect(await Promise.race([capture.captured, undefined])).toBe(undefined)
      expect(subject.requests()).toEqual([])
    })
  })
}

/** Sizes, addresses, what the page sees in AWS's place, and what is none of the capture's business. */
export function captureHolds(subject: Subject): void {
  describe('an assertion is caught whatever its size:', () => {
    test.each([
      ['a form of 4 KB', 'form().submit()', 3 * 1024],
      ['a form of 100 KB', 'form().submit()', 75 * 1024],
      ['a form of 5 MB', 'form().submit()', 3_840 * 1024],
      ['a multipart form of 5 MB', "form({ enctype: 'multipart/form-data' }).submit()", 3_840 * 1024],
      ['a fetch of 5 MB', "fetch(ACS, { method: 'POST', body: fields(), mode: 'no-cors' })", 3_840 * 1024],
    ])('%s', async (_, script, bytes) => {
      const saml = assertion(bytes)
      const captured = await capturedFrom(subject, script, saml)
      // Not by toEqual, which would print megabytes.
      expect(captured.samlResponse === saml).toBe(true)
      expect(subject.requests()).toEqual([])
    })
  })

  describe('an assertion is caught on its way to', () => {
    test.each([
      'https://signin.aws.amazon.com/saml',
      'https://signin.aws.amazon.com:443/saml',
      'https://signin.aws.amazon.com/saml?region=eu-west-1',
      'https://eu-west-1.signin.aws.amazon.com/saml',
      'https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSPABCDEF123456',
      'https://signin.amazonaws.cn/saml',
      'https://signin.aws.amazon.com.mcas.ms/saml',
    ])('%s', async (to) => {
      const saml = assertion(1024)
      // The browser leaves out the port that goes without saying.
      const expected = { samlResponse: saml, acs: to.replace(':443', '') }
      expect(await capturedFrom(subject, 'form().submit()', saml, to)).toEqual(expected)
      expect(subject.requests()).toEqual([])
    })
  })

  test('in the place of AWS’s page the window shows one of ours', () =>
    subject.watched({ script: 'form().submit()', saml: assertion(1024), acs }, async ({ titleIs, read }) => {
      await titleIs('Signed in')
      expect(await read('location.href')).toBe(acs)
      expect(await read('document.body.innerText')).toContain('You may close this window')
      expect(subject.requests()).toEqual([])
    }))

  test('a script of the portal may read the answer, so that it believes that all is well', () => {
    const script =
      "fetch(ACS, { method: 'POST', body: fields(), credentials: 'include', headers: { 'X-Portal': '1' } }).then((r) => { document.title = 'read ' + r.status })"
    return subject.watched({ script, saml: assertion(1024), acs }, ({ titleIs }) => titleIs('read 200'))
  })

  describe('AWS hears nothing, and nothing is caught, of', () => {
    test.each([
      ['a form without an assertion', "const f = form(); f.querySelector('[name=SAMLResponse]').remove(); f.submit()"],
      ['a form as plain text, which AWS would not read', "form({ enctype: 'text/plain' }).submit()"],
      ['a form by GET', "form({ method: 'GET' }).submit()"],
      ['a link', 'location = ACS + "?SAMLResponse=" + encodeURIComponent(SAML)'],
    ])('%s', (_, script) =>
      subject.watched({ script, saml: assertion(1024), acs }, async ({ capture, titleIs }) => {
        await titleIs('Nothing to sign in with')
        expect(await Promise.race([capture.captured, undefined])).toBe(undefined)
        expect(subject.requests()).toEqual([])
      }),
    )
  })
}

/** To be the last of a file: from here on the stand-in of AWS has heard something. */
export function othersAreLetGo(subject: Subject): void {
  describe('a request is let go that is none to AWS’s sign-in:', () => {
    test.each([
      ['another page of AWS', `https://${host}/other`, `POST ${host}/other`],
      ['a host that only begins like AWS’s', `https://${lookAlike}/saml`, `POST ${lookAlike}/saml`],
    ])('%s', (_, to, request) =>
      subject.watched({ script: 'form().submit()', saml: assertion(1024), acs: to }, async ({ capture }) => {
        await until(() => subject.requests().includes(request))
        expect(await Promise.race([capture.captured, undefined])).toBe(undefined)
      }),
    )
  })
}
