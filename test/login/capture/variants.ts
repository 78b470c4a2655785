/** A way in which a portal may have the browser post its assertion. */
export interface Variant {
  readonly name: string
  /**
   * The script of the portal's page. It finds SAML, RELAY and ACS, `form(attributes)` that makes the usual form, `fields()`
   * that makes the form's fields, and `page(script)` that makes a page in which the same is found.
   */
  readonly script: string
  /** Scripts of other pages (`/x/y`) and workers (`/x/y.js`) of the portal, by path. */
  readonly files?: Readonly<Record<string, string>>
}

const post = "fetch(ACS, { method: 'POST', body: fields(), mode: 'no-cors' })"

export const variants: readonly Variant[] = [
  { name: 'form', script: 'form().submit()' },
  { name: 'form by requestSubmit', script: 'form().requestSubmit()' },
  { name: 'form by its button', script: "form(); document.querySelector('button').click()" },
  { name: 'form to _blank', script: "form({ target: '_blank' }).submit()" },
  { name: 'form to a popup', script: "window.open('about:blank', 'pop'); form({ target: 'pop' }).submit()" },
  { name: 'form of an iframe', script: "frame({ src: '/frame/inner' })", files: { '/frame/inner': 'form().submit()' } },
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
  { name: 'worker', script: "new Worker('/worker/w.js')", files: { '/worker/w.js': post } },
  { name: 'shared worker', script: "new SharedWorker('/shared/w.js')", files: { '/shared/w.js': post } },
  {
    name: 'service worker',
    script: "navigator.serviceWorker.register('/service/w.js')",
    files: { '/service/w.js': `self.addEventListener('install', (event) => event.waitUntil(${post}))` },
  },
]

const relayState = 'rs & é+='

/** What every script finds: see `Variant`. */
export function prelude(saml: string, acs: string): string {
  return `
    const SAML = ${JSON.stringify(saml)}, RELAY = ${JSON.stringify(relayState)}, ACS = ${JSON.stringify(acs)}
    const fields = () => new URLSearchParams({ RelayState: RELAY, SAMLResponse: SAML })
    const add = (tag, attributes, parent) => {
      const element = Object.assign(document.createElement(tag), attributes)
      parent.append(element)
      return element
    }
    const frame = (attributes) => add('iframe', attributes, document.body)
    function form(attributes = {}) {
      const made = add('form', { method: 'POST', action: ACS, ...attributes }, document.body)
      add('input', { type: 'hidden', name: 'RelayState', value: RELAY }, made)
      add('input', { type: 'hidden', name: 'SAMLResponse', value: SAML }, made)
      add('button', {}, made)
      return made
    }
    const page = (script) => '<!doctype html><meta charset="utf-8"><body>' +
      '<script src="' + location.origin + '/prelude.js"></' + 'script><script>' + script + '</' + 'script>'
  `
}
