/** A way in which a portal may have the browser post its assertion. */
export interface Variant {
  readonly name: string
  /**
   * The script of the portal's page. It finds SAML, RELAY and ACS, `form(attributes)` that makes the usual form, `fields()`
   * that makes the form's fields, `page(script)` that makes a page in which the same is found, and OTHER, an origin that is
   * another one and leads to the same portal.
   */
  readonly script: string
  /** Scripts of other pages (`/x/y`) and workers (`/x/y.js`) of the portal, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Firefox does not know of it, or does not show requests of what belongs to no window. */
  readonly firefox?: 'unknown' | 'unseen'
}

const post = "fetch(ACS, { method: 'POST', body: fields(), mode: 'no-cors' })"
/** Tells the portal when it has come to something, good or bad. */
const postAndTell = `${post}.catch(() => {}).then(() => fetch(ORIGIN + '/settled'))`

export const variants: readonly Variant[] = [
  { name: 'form', script: 'form().submit()' },
  { name: 'form by requestSubmit', script: 'form().requestSubmit()' },
  { name: 'form by its button', script: "form(); document.querySelector('button').click()" },
  {
    name: 'form by a button that names the address',
    script: `form({ action: '/nowhere' })
      const button = document.querySelector('button')
      button.setAttribute('formaction', ACS)
      button.click()`,
  },
  { name: 'form by a javascript: address', script: "form(); location = 'javascript:void document.forms[0].submit()'" },
  { name: 'form that is sent later', script: 'setTimeout(() => form().submit(), 300)' },
  {
    name: 'form after a page that refreshes itself',
    script: "add('meta', { httpEquiv: 'refresh', content: '0; url=/refreshed/page' }, document.head)",
    files: { '/refreshed/page': 'form().submit()' },
  },
  {
    name: 'form in a shadow root',
    script: "const root = add('div', {}, document.body).attachShadow({ mode: 'closed' }); form({}, root).submit()",
  },
  {
    name: 'form in a dialog',
    script: "const dialog = add('dialog', {}, document.body); dialog.showModal(); form({}, dialog).requestSubmit()",
  },
  { name: 'form that is written', script: "document.write(page('form().submit()')); document.close()" },
  { name: 'form to _blank', script: "form({ target: '_blank' }).submit()" },
  { name: 'form to _blank, without an opener', script: "form({ target: '_blank', rel: 'noopener noreferrer' }).submit()" },
  { name: 'form to _blank by the base', script: "add('base', { target: '_blank' }, document.head); form().submit()" },
  {
    name: 'form written into a popup',
    script:
      "const popup = window.open('about:blank', 'own'); popup.document.write(page('form().submit()')); popup.document.close()",
  },
  { name: 'form to a popup', script: "window.open('about:blank', 'pop'); form({ target: 'pop' }).submit()" },
  { name: 'form of an iframe', script: "frame({ src: '/frame/inner' })", files: { '/frame/inner': 'form().submit()' } },
  {
    name: 'form of an iframe in an iframe of another site',
    script: "frame({ src: OTHER + '/outer/frame' })",
    files: { '/outer/frame': "frame({ src: OTHER + '/outer/inner' })", '/outer/inner': 'form().submit()' },
  },
  {
    name: 'form of a sandboxed iframe',
    script: "frame({ sandbox: 'allow-scripts allow-forms', src: '/boxed/inner' })",
    files: { '/boxed/inner': 'form().submit()' },
  },
  {
    name: 'form of a data: iframe',
    script: "frame({ src: 'data:text/html,' + encodeURIComponent(page('form().submit()')) })",
  },
  {
    name: 'form of an iframe to _top',
    script: "frame({ src: '/top/inner' })",
    files: { '/top/inner': "form({ target: '_top' }).submit()" },
  },
  { name: 'form to an iframe', script: "frame({ name: 'in' }); form({ target: 'in' }).submit()" },
  { name: 'multipart form', script: "form({ enctype: 'multipart/form-data' }).submit()" },
  {
    name: 'form of a blob page',
    script: "location = URL.createObjectURL(new Blob([page('form().submit()')], { type: 'text/html' }))",
  },
  { name: 'form of srcdoc', script: "frame({ srcdoc: page('form().submit()') })" },
  { name: 'redirect 307', script: "form({ action: '/redirect/307' }).submit()" },
  { name: 'redirect 308', script: "form({ action: '/redirect/308' }).submit()" },
  { name: 'fetch', script: post },
  { name: 'fetch with CORS', script: "fetch(ACS, { method: 'POST', body: fields(), credentials: 'include' })" },
  { name: 'fetch with a preflight', script: "fetch(ACS, { method: 'POST', body: fields(), headers: { 'X-Portal': '1' } })" },
  { name: 'fetch of FormData', script: "fetch(ACS, { method: 'POST', body: new FormData(form()), mode: 'no-cors' })" },
  {
    name: 'fetch of a blob',
    script: `const type = 'application/x-www-form-urlencoded'
      fetch(ACS, { method: 'POST', body: new Blob([String(fields())], { type }), mode: 'no-cors' })`,
  },
  { name: 'fetch with keepalive', script: "fetch(ACS, { method: 'POST', body: fields(), mode: 'no-cors', keepalive: true })" },
  {
    name: 'XMLHttpRequest',
    script: `const request = new XMLHttpRequest()
      request.open('POST', ACS)
      request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded')
      request.send(String(fields()))`,
  },
  { name: 'beacon', script: 'navigator.sendBeacon(ACS, fields())' },
  {
    name: 'beacon of a page that is left',
    script: "addEventListener('pagehide', () => navigator.sendBeacon(ACS, fields())); location = '/left/page'",
    files: { '/left/page': '' },
  },
  { name: 'worker', script: "new Worker('/worker/w.js')", files: { '/worker/w.js': post } },
  {
    name: 'worker of a worker',
    script: "new Worker('/workers/outer.js')",
    files: { '/workers/outer.js': "new Worker('/workers/inner.js')", '/workers/inner.js': post },
  },
  {
    name: 'fetchLater',
    script: "fetchLater(ACS, { method: 'POST', body: fields(), activateAfter: 0 })",
    firefox: 'unknown',
  },
  {
    name: 'shared worker',
    script: "new SharedWorker('/shared/w.js')",
    files: { '/shared/w.js': postAndTell },
    firefox: 'unseen',
  },
  {
    name: 'service worker',
    script: "navigator.serviceWorker.register('/service/w.js')",
    files: { '/service/w.js': `self.addEventListener('install', (event) => event.waitUntil(${postAndTell}))` },
    firefox: 'unseen',
  },
]

const relayState = 'rs & é+='

/** What every script finds: see `Variant`. */
export function prelude(saml: string, acs: string, origin: string): string {
  return `
    const ORIGIN = ${JSON.stringify(origin)}, OTHER = ${JSON.stringify(origin.replace('127.0.0.1', 'localhost'))}
    const SAML = ${JSON.stringify(saml)}, RELAY = ${JSON.stringify(relayState)}, ACS = ${JSON.stringify(acs)}
    const fields = () => new URLSearchParams({ RelayState: RELAY, SAMLResponse: SAML })
    const add = (tag, attributes, parent) => {
      const element = Object.assign(document.createElement(tag), attributes)
      parent.append(element)
      return element
    }
    const frame = (attributes) => add('iframe', attributes, document.body)
    function form(attributes = {}, parent = document.body) {
      const made = add('form', { method: 'POST', action: ACS, ...attributes }, parent)
      add('input', { type: 'hidden', name: 'RelayState', value: RELAY }, made)
      add('input', { type: 'hidden', name: 'SAMLResponse', value: SAML }, made)
      add('button', {}, made)
      return made
    }
    const page = (script) => '<!doctype html><meta charset="utf-8"><body>' +
      '<script src="' + ORIGIN + '/prelude.js"></' + 'script><script>' + script + '</' + 'script>'
  `
}
