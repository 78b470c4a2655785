import { html, onTo, startPortal } from '../portalServer.ts'

const saml = Buffer.from('<Response/>').toString('base64')

/**
 * A portal unlike the sandbox's: a cookie banner, the user name in a web component inside a frame of another site, ids that are
 * new with each page, a password that can be shown, boxes for the code that go off with the last digit, and no name anywhere that
 * tells what is what. It lets in who gives what it wants, in whatever language that is asked.
 */
export async function startOddPortal() {
  let count = 100
  const id = () => {
    count += 7
    return `:r${count}:`
  }
  const inner = await startPortal({
    'GET /frame': () =>
      html(
        'Frame',
        `<x-field id="${id()}"></x-field><script>
customElements.define('x-field', class extends HTMLElement { connectedCallback() {
  const root = this.attachShadow({ mode: 'open' })
  root.innerHTML = '<label>Kennung <input id="${id()}" name="kennung" style="width:200px"></label> <div role="button" tabindex="0" data-testid="weiter" style="cursor:pointer;display:inline-block;padding:10px">Weiter</div>'
  root.querySelector('div').onclick = () => { const f = document.createElement('form'); f.method = 'post'; f.action = '/name'; const i = document.createElement('input'); i.name = 'kennung'; i.value = root.querySelector('input').value; f.append(i); document.body.append(f); f.submit() }
} })</script>`,
      ),
    'POST /name': ({ kennung }) =>
      kennung === 'jane'
        ? `<script>top.location = ${JSON.stringify(`${outerUrl()}password`)}</script>`
        : html('No', 'No such person'),
  })
  let url = ''
  const outerUrl = () => url
  const outer = await startPortal({
    'GET /': () =>
      html(
        'Portal',
        `<div id="${id()}" style="position:fixed;bottom:0;left:0;right:0;background:#eee;padding:20px" class="banner">Kekse? <button class="css-${count}" onclick="this.parentElement.remove()">Na gut</button></div><h1>Willkommen</h1><iframe src="${inner.url.replace('127.0.0.1', 'localhost')}frame" width="500" height="200"></iframe>`,
      ),
    'GET /password': () =>
      html(
        'Portal',
        `<form method="post" action="/password"><p>Hallo jane</p><input id="${id()}" type="password" name="${`f${count}x9`}" aria-label="Geheimnis" onkeyup="h.value = this.value"><button type="button" aria-label="Show password" onclick="this.previousElementSibling.type = 'text'">o</button><input type="hidden" id="h" name="geheim"><label><input type="checkbox" name="merken" value="ja">Merken</label><button class="css-${count}">Los</button></form>`,
      ),
    'POST /password': ({ geheim }) =>
      geheim === 'correct-horse'
        ? html(
            'Portal',
            `<h1>Ziffern vom Zettel</h1><form id="f" method="post" action="/code"><input type="hidden" name="code" id="v">${'<input class="ziffer" maxlength="1" style="width:30px">'.repeat(6)}</form><script>const x = [...document.querySelectorAll('.ziffer')]; x.forEach((b, i) => b.addEventListener('input', () => { if (x[i + 1]) x[i + 1].focus(); else { document.getElementById('v').value = x.map((b) => b.value).join(''); document.getElementById('f').submit() } }))</script>`,
          )
        : html('No', 'No'),
    'POST /code': ({ code }) =>
      code === '123456'
        ? html(
            'Portal',
            '<form method="post" action="/stay"><p>Und nun?</p><button name="bleiben" value="nein">Gehen</button><button name="bleiben" value="ja">Bleiben</button></form>',
          )
        : html('No', 'No'),
    'POST /stay': onTo('/assertion'),
    'GET /assertion': `<form method="post" action="https://signin.aws.amazon.com/saml"><input type="hidden" name="SAMLResponse" value="${saml}"></form><script>document.forms[0].submit()</script>`,
  })
  url = outer.url
  return { url, posts: [inner.posts, outer.posts] as const }
}
