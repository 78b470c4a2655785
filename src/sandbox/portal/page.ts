import { escaped } from '../server.ts'

/** One page of the portal, with AD FS's element ids where AD FS has the element. */
interface PageParts {
  readonly title: string
  /** For the scripts and styles of this one answer (CSP). */
  readonly nonce: string
  readonly body: string
  readonly script?: string
}

function htmlPage(parts: PageParts): string {
  const script = parts.script === undefined ? '' : `<script nonce="${parts.nonce}">${parts.script}</script>\n`
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(parts.title)}</title>
<style nonce="${parts.nonce}">${style}</style>
</head>
<body>
<main id="contentWrapper">
<p id="header">Example Corp <small>sandbox</small></p>
${parts.body}
</main>
${script}</body>
</html>
`
}

const style = `
:root { color-scheme: light dark; --accent: #0b5cad; --ink: #1b1b1b; --paper: #fff; --edge: #767676; --wrong: #b00020; --around: #e8edf3 }
@media (prefers-color-scheme: dark) { :root { --accent: #6cb2ff; --ink: #eee; --paper: #1c2128; --edge: #8a929c; --wrong: #ff8a9a; --around: #0d1117 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--around); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 24rem; padding: 2rem; background: var(--paper); border-radius: 6px; box-shadow: 0 1px 8px #0003 }
#header { margin: 0 0 1rem; font-weight: 600 }
#header small { color: var(--edge); font-weight: 400 }
h1 { margin: 0 0 1rem; font-size: 1.3rem }
label { display: block; margin-top: 1rem }
label.check { display: flex; gap: .5rem; align-items: center }
input:not([type=checkbox]) { width: 100%; padding: .6rem; border: 1px solid var(--edge); border-radius: 4px; background: var(--paper); color: var(--ink); font: inherit }
input[type=checkbox] { width: 1.2rem; height: 1.2rem }
.submit { display: block; width: 100%; margin-top: 1.5rem; padding: .7rem; border: 0; border-radius: 4px; background: var(--accent); color: var(--paper); font: inherit; font-weight: 600; text-align: center; cursor: pointer }
.option { background: none; border: 1px solid var(--accent); color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.error { margin: 0 0 1rem; padding-left: .7rem; border-left: 4px solid var(--wrong); color: var(--wrong) }
.displaySign { margin: 1rem 0; font-size: 3rem; font-weight: 700; text-align: center; letter-spacing: .1em }
`

interface FormParts {
  readonly action: string
  /** Ties the form to the browser that it was shown to: AD FS's name for it. */
  readonly context: string
  readonly authMethod: string
  readonly error?: string | undefined
}

/**
 * A form as AD FS has it. Its button is a span with a script, as AD FS's is; Enter submits too, and where scripts are
 * off there is a real button.
 */
function formOf(parts: FormParts, fields: string, submit: string): string {
  const error =
    parts.error === undefined
      ? ''
      : `<div id="error" class="error"><span id="errorText" role="alert">${escaped(parts.error)}</span></div>\n`
  return `<form method="post" id="loginForm" autocomplete="off" novalidate action="${escaped(parts.action)}">
${error}${fields}
<input type="hidden" name="AuthMethod" id="optionForms" value="${escaped(parts.authMethod)}">
<input type="hidden" name="Context" value="${escaped(parts.context)}">
<div id="submissionArea"><span id="submitButton" class="submit" role="button" tabindex="0">${escaped(submit)}</span></div>
<noscript><button class="submit">${escaped(submit)}</button></noscript>
</form>`
}

const submitScript = `
const form = document.getElementById('loginForm'), button = document.getElementById('submitButton');
let sent = false;
const submit = () => { if (!sent) { sent = true; form.submit() } };
button.addEventListener('click', submit);
button.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); submit() } });
form.addEventListener('keydown', (event) => { if (event.key === 'Enter' && event.target.tagName === 'INPUT') { event.preventDefault(); submit() } });
addEventListener('pageshow', () => { sent = false });`

export function passwordPage(form: FormParts & { user: string; nonce: string }): string {
  const inUser = form.user === ''
  const fields = `<div id="userNameArea"><label for="userNameInput">User name</label>
<input id="userNameInput" name="UserName" type="email" value="${escaped(form.user)}" autocomplete="username" spellcheck="false" placeholder="someone@example.com"${inUser ? ' autofocus' : ''}></div>
<div id="passwordArea"><label for="passwordInput">Password</label>
<input id="passwordInput" name="Password" type="password" autocomplete="current-password"${inUser ? '' : ' autofocus'}></div>
<div id="kmsiArea"><label class="check" for="kmsiInput"><input type="checkbox" name="Kmsi" id="kmsiInput" value="true"> Keep me signed in</label></div>`
  const body = `<h1 id="loginMessage">Sign in with your organizational account</h1>\n${formOf(form, fields, 'Sign in')}`
  return htmlPage({ title: 'Sign In', nonce: form.nonce, body, script: submitScript })
}

export function codePage(form: FormParts & { nonce: string }): string {
  const fields = `<p id="mfaGreeting">For security reasons, we require additional information to verify your account.</p>
<label for="verificationCodeInput">Verification code from your authenticator app</label>
<input id="verificationCodeInput" name="VerificationCode" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="7" autofocus>`
  const body = `<h1>Enter your verification code</h1>\n${formOf(form, fields, 'Sign in')}`
  return htmlPage({ title: 'Sign In', nonce: form.nonce, body, script: submitScript })
}

export function choicePage(form: FormParts & { nonce: string }): string {
  const option = (method: string, id: string, text: string) =>
    `<button class="submit option" id="${id}" name="Choice" value="${method}">${text}</button>`
  const body = `<h1>Choose how to verify your identity</h1>
<form method="post" id="options" action="${escaped(form.action)}">
<input type="hidden" name="AuthMethod" value="${escaped(form.authMethod)}">
<input type="hidden" name="Context" value="${escaped(form.context)}">
<div id="authOptions">
${option('push', 'pushOption', 'Approve a request on my phone')}
${option('totp', 'verificationCodeOption', 'Use a verification code from my authenticator app')}
</div>
</form>`
  return htmlPage({ title: 'Sign In', nonce: form.nonce, body })
}

export function pushPage(form: FormParts & { nonce: string; number: string; pollUrl: string }): string {
  const body = `<h1>Approve the sign-in request</h1>
<p id="mfaGreeting">Open the authenticator app on your phone and enter the number shown to sign in.</p>
<div id="idRichContext_DisplayNumber" class="displaySign">${escaped(form.number)}</div>
<p id="pushStatus" role="status">Waiting for your approval…</p>
<form method="post" id="loginForm" action="${escaped(form.action)}">
<input type="hidden" name="AuthMethod" value="${escaped(form.authMethod)}">
<input type="hidden" name="Context" value="${escaped(form.context)}">
<noscript><p>When you have approved it:</p><button class="submit">Go on</button></noscript>
</form>`
  const script = `
const status = document.getElementById('pushStatus');
const poll = async () => {
  try {
    const answer = await fetch(${JSON.stringify(form.pollUrl)}, { cache: 'no-store', credentials: 'same-origin' });
    if (answer.ok && (await answer.json()).state === 'waiting') return poll();
    document.getElementById('loginForm').submit();
  } catch { status.textContent = 'The connection to the portal was lost. Reload the page to try again.' }
};
poll();`
  return htmlPage({ title: 'Sign In', nonce: form.nonce, body, script })
}

export function updatePasswordPage(form: FormParts & { nonce: string; user: string }): string {
  const field = (id: string, name: string, text: string, kind: string) =>
    `<label for="${id}">${text}</label>\n<input id="${id}" name="${name}" type="password" autocomplete="${kind}">`
  const fields = `<input type="hidden" id="userNameInput" name="UserName" value="${escaped(form.user)}">
${field('oldPasswordInput', 'OldPassword', 'Old password', 'current-password')}
${field('newPasswordInput', 'NewPassword', 'New password', 'new-password')}
${field('confirmNewPasswordInput', 'ConfirmNewPassword', 'Confirm new password', 'new-password')}`
  const body = `<h1 id="updatePasswordMessage">Update password</h1>\n${formOf(form, fields, 'Submit')}`
  return htmlPage({ title: 'Update Password', nonce: form.nonce, body, script: submitScript })
}

/** What AD FS calls its error page: words, and a way back. */
export function messagePage(parts: { nonce: string; title: string; text: string; link?: string | undefined }): string {
  const link = parts.link === undefined ? '' : `<p><a id="backLink" href="${escaped(parts.link)}">Sign in again</a></p>`
  const body = `<h1 id="errorMessage">${escaped(parts.title)}</h1>
<div id="error" class="error"><span id="errorText" role="alert">${escaped(parts.text)}</span></div>
${link}`
  return htmlPage({ title: parts.title, nonce: parts.nonce, body })
}

/** The page that posts the assertion to AWS by itself (SAML bindings, 3.5.4), as AD FS words it. */
export function postingPage(parts: { nonce: string; acs: string; samlResponse: string; relayState: string }): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Working...</title></head><body>
<form method="POST" name="hiddenform" action="${escaped(parts.acs)}">
<input type="hidden" name="SAMLResponse" value="${escaped(parts.samlResponse)}">
<input type="hidden" name="RelayState" value="${escaped(parts.relayState)}">
<noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit"></noscript>
</form>
<script nonce="${parts.nonce}">document.forms[0].submit()</script>
</body></html>
`
}

/** What stands in for the user's phone. */
export function devicePage(parts: { nonce: string; pending: readonly { id: string; choices: readonly string[] }[] }): string {
  const forms = parts.pending.map(
    (push) => `<form method="post">
<p>Are you trying to sign in? Choose the number that your browser shows.</p>
<input type="hidden" name="id" value="${escaped(push.id)}">
${push.choices.map((number) => `<button class="submit" name="number" value="${escaped(number)}">${escaped(number)}</button>`).join('\n')}
<button class="submit option" name="number" value="">No, it is not me</button>
</form>`,
  )
  const body = `<h1>Jane’s phone</h1>\n${forms.join('\n') || '<p>Nothing to approve. Reload when a sign-in waits.</p>'}`
  return htmlPage({ title: 'Authenticator', nonce: parts.nonce, body })
}
