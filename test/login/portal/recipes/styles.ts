/** One page of a portal: its body, in which NEXT is the address of the next page, and what is to be posted from it. */
interface Step {
  readonly body: string
  /** Fields of the form, or `pressed`; undefined where the page goes on by itself. */
  readonly posts?: Readonly<Record<string, string>>
}

/** A whole sign-in in the style of one product, with the ids that its pages really have, and the rules that lead through it. */
export interface Style {
  readonly recipe: string
  readonly what: string
  readonly steps: readonly Step[]
  readonly rules: readonly string[]
  readonly mfa?: 'totp' | 'push' | 'sms'
  readonly lines?: readonly string[]
}

const form = (inner: string, attributes = '') => `<form method="post" action="NEXT" ${attributes}>${inner}</form>`
/** What a script of the portal does when `what` is pressed. */
const pressed = (what: string) => `onclick="send('NEXT', '${what}'); return false"`
const goesOn = '<script>setTimeout(() => { location = "NEXT" }, 1000)</script>'

// AD FS
const adfs = (inner: string) =>
  `<div id="contentWrapper"><div id="workArea">${form(`<div id="error"><span id="errorText"></span></div>${inner}`, 'id="loginForm"')}</div></div>`
const adfsButton = (id: string, text: string) =>
  `<span id="${id}" class="submit" role="button" tabindex="4" onclick="document.getElementById('loginForm').submit()">${text}</span>`
const adfsName = '<input id="userNameInput" name="UserName" type="email" placeholder="someone@example.com">'
const adfsPassword = '<input id="passwordInput" name="Password" type="password" placeholder="Password">'

// Entra
const entra = (inner: string, button = '<input type="submit" id="idSIButton9" value="Next">') =>
  `<div id="lightbox">${form(`${inner}${button}`, 'name="f1" id="i0281"')}</div>`
const tile = (id: string, attribute: string, text: string) =>
  `<div class="table" role="button" tabindex="0" ${attribute} ${pressed(id)}><div>${text}</div></div>`

// Okta
const okta = (view: string, inner: string) =>
  `<main class="auth-container"><div class="siw-main-view ${view}">${form(inner, 'class="ion-form o-form" data-se="o-form"')}</div></main>`
const save = '<input class="button button-primary" type="submit" value="Next" data-type="save">'
const classic = (inner: string) => `<div id="okta-sign-in" class="auth-container">${inner}</div>`

// Keycloak
const keycloak = (inner: string, id = 'kc-form-login') =>
  `<div class="login-pf-page"><h1 id="kc-page-title">Sign in</h1>${form(`${inner}<button name="login" id="kc-login" type="submit" value="">Sign In</button>`, `id="${id}"`)}</div>`

// PingFederate and PingID
const ping = (inner: string) =>
  `<div class="ping-container ping-signin">${form(`${inner}<a id="signOnButton" class="ping-button normal allow" onclick="document.forms[0].submit()">Sign On</a>`)}</div>`

// Google
const google = (inner: string, next = '') =>
  `<div id="initialView"><h1 id="headingText"><span>Sign in</span></h1>${form(inner)}${next && `<div id="${next}"><button type="button" onclick="document.forms[0].submit()"><span>Next</span></button></div>`}</div>`

const jane = 'jane@example.com'
const password = 'correct horse'
const code = '123456'

export const styles: readonly Style[] = [
  {
    recipe: 'adfs',
    what: 'a home realm, the name and the password on pages of their own, a SecurID passcode',
    steps: [
      {
        body: `<div id="hrdArea"><div class="idp" tabindex="1" style="cursor:pointer" ${pressed('contoso')}><span>Contoso</span></div></div>`,
        posts: { pressed: 'contoso' },
      },
      { body: adfs(adfsName + adfsButton('nextButton', 'Next')), posts: { UserName: jane } },
      { body: adfs(adfsPassword + adfsButton('submitButton', 'Sign in')), posts: { Password: password } },
      {
        body: `${form('<label id="errorText"></label><input id="passcodeInput" name="Passcode" type="password" placeholder="Passcode"><input id="submitButton" type="submit" value="Submit">', 'id="passcodeForm"')}`,
        posts: { Passcode: code },
      },
    ],
    rules: ['adfs: home realm', 'adfs: name', 'adfs: password', 'adfs: passcode of a SecurID token'],
  },
  {
    recipe: 'adfs',
    what: 'a push with a number to match',
    steps: [
      {
        body: adfs(adfsName + adfsPassword + adfsButton('submitButton', 'Sign in')),
        posts: { UserName: jane, Password: password },
      },
      { body: `<div id="instructions">Open your app and enter this number.</div><p id="validEntropyNumber">47</p>${goesOn}` },
    ],
    rules: ['adfs: name and password', 'adfs: number to match'],
    lines: [`signing in as ${jane}`, 'waiting for approval (number 47): choose it on your device'],
  },
  {
    recipe: 'entra',
    what: 'accounts, name and password, a code, stay signed in',
    steps: [
      {
        body: entra(`<div id="tilesHolder">${tile('other', 'data-test-id="otherTile"', 'Use another account')}</div>`, ''),
        posts: { pressed: 'other' },
      },
      { body: entra('<input type="email" name="loginfmt" id="i0116" aria-label="Email">'), posts: { loginfmt: jane } },
      { body: entra('<input type="password" name="passwd" id="i0118" aria-label="Password">'), posts: { passwd: password } },
      {
        body: entra(
          '<input type="tel" name="otc" id="idTxtBx_SAOTCC_OTC" aria-label="Code"><label><input type="checkbox" id="idChkBx_SAOTCC_TD" name="rememberMFA" value="true">Don’t ask again</label>',
          '<input type="submit" id="idSubmit_SAOTCC_Continue" value="Verify">',
        ),
        posts: { otc: code, rememberMFA: 'true' },
      },
      {
        body: entra(
          '<div id="KmsiDescription">Do this to be asked less often.</div><input type="checkbox" id="KmsiCheckboxField" name="DontShowAgain" value="true"><input type="button" id="idBtn_Back" value="No">',
          '<input type="submit" id="idSIButton9" value="Yes" name="yes">',
        ),
        posts: { yes: 'Yes' },
      },
    ],
    rules: ['entra: accounts', 'entra: name', 'entra: password', 'entra: code', 'entra: stay signed in'],
  },
  {
    recipe: 'entra',
    what: 'an approval without a number, left for a code: mfa = "totp"',
    mfa: 'totp',
    steps: [
      {
        body: entra(
          `<div id="idDiv_SAOTCAS_Title" role="heading">Approve sign in request</div><div id="idDiv_SAOTCAS_Description">Open your app.</div><a id="signInAnotherWay" href="#" ${pressed('another way')}>I can’t use it</a>`,
          '',
        ),
        posts: { pressed: 'another way' },
      },
      {
        body: entra(
          `<div id="idDiv_SAOTCS_Proofs">${tile('push', 'data-value="PhoneAppNotification"', 'Approve a request on my app')}${tile('otp', 'data-value="PhoneAppOTP"', 'Use a verification code')}</div>`,
          '',
        ),
        posts: { pressed: 'otp' },
      },
      {
        body: entra(
          '<input type="tel" name="otc" id="idTxtBx_SAOTCC_OTC" aria-label="Code">',
          '<input type="submit" id="idSubmit_SAOTCC_Continue" value="Verify">',
        ),
        posts: { otc: code },
      },
    ],
    rules: ['entra: approval', 'entra: factors', 'entra: code'],
  },
  {
    recipe: 'okta',
    what: 'classic: name and password on pages of their own, the push',
    steps: [
      {
        body: classic(
          form(
            '<input type="text" name="username" id="idp-discovery-username"><input type="submit" id="idp-discovery-submit" value="Next">',
          ),
        ),
        posts: { username: jane },
      },
      {
        body: classic(
          form(
            '<input type="password" name="password" id="okta-signin-password"><input type="submit" id="okta-signin-submit" value="Sign In">',
          ),
        ),
        posts: { password },
      },
      {
        // The button says what it does, and is disabled once it has done so; the page then goes on when the push is approved.
        body: classic(
          `<form class="mfa-verify-push" data-se="factor-push" onsubmit="b.disabled = true; b.classList.add('link-button-disabled'); b.value = 'Push sent!'; fetch('/sent', { method: 'POST' }).then(() => setTimeout(() => { location = 'NEXT' }, 1000)); return false"><h2>Okta Verify (iPhone)</h2><input id="b" class="button button-primary" type="submit" value="Send Push"></form>`,
        ),
        posts: {},
      },
    ],
    rules: ['okta: classic: name', 'okta: classic: password', 'okta: classic: send the push', 'okta: classic: approval'],
    lines: [`signing in as ${jane}`, 'waiting for approval: approve the sign-in on your device'],
  },
  {
    recipe: 'okta',
    what: 'identity engine: name and password together, a code',
    steps: [
      {
        body: okta(
          'identify',
          `<input name="identifier" type="text" autocomplete="username"><input name="credentials.passcode" type="password"><input type="checkbox" name="rememberMe" id="input33" value="true"><label for="input33">Keep me signed in</label>${save}`,
        ),
        posts: { identifier: jane, 'credentials.passcode': password, rememberMe: 'true' },
      },
      {
        body: okta(
          'mfa-google-otp',
          `<label for="input71">Enter code</label><input name="credentials.passcode" id="input71" type="text">${save}`,
        ),
        posts: { 'credentials.passcode': code },
      },
    ],
    rules: ['okta: name and password', 'okta: code'],
  },
  {
    recipe: 'okta',
    what: 'identity engine, third generation: name, password, the push, a number to match',
    steps: [
      {
        body: okta(
          '',
          '<input name="identifier" id="identifier" data-se="identifier" type="text"><button type="submit" data-se="save" data-type="save">Next</button>',
        ),
        posts: { identifier: jane },
      },
      {
        body: okta(
          'mfa-okta-password',
          `<input name="credentials.passcode" type="password"><button type="submit" data-type="save">Verify</button>`,
        ),
        posts: { 'credentials.passcode': password },
      },
      {
        body: `<main><div class="siw-main-view okta-verify-send-push-form">${form(`<input type="checkbox" name="autoChallenge" id="c"><label for="c">Send push automatically</label>${save}`)}</div></main>`,
        posts: {},
      },
      {
        body: okta(
          'okta-verify-push-challenge',
          `<a class="button send-push link-button-disabled" href="#">Push notification sent</a>${goesOn}`,
        ),
      },
      {
        body: okta(
          'challenge-poll',
          `<p>On your mobile device, open the prompt, then tap 31.</p><span class="phone--number" data-se="challenge-number">31</span>${goesOn}`,
        ),
      },
    ],
    rules: ['okta: name', 'okta: password', 'okta: send the push', 'okta: approval', 'okta: number to match'],
    lines: [
      `signing in as ${jane}`,
      'waiting for approval: approve the sign-in on your device',
      'waiting for approval (number 31): choose it on your device',
    ],
  },
  {
    recipe: 'keycloak',
    what: 'name, password, the choice of factors, a code',
    mfa: 'totp',
    steps: [
      {
        body: keycloak(
          '<input id="username" name="username" type="text"><input type="checkbox" id="rememberMe" name="rememberMe">',
        ),
        posts: { username: jane, rememberMe: 'on', login: '' },
      },
      { body: keycloak('<input id="password" name="password" type="password">'), posts: { password, login: '' } },
      {
        body: form(
          `<button class="pf-v5-c-button" type="submit" name="authenticationExecution" value="1">Authenticator Application<br>Enter a verification code.</button><button type="submit" name="authenticationExecution" value="2">Passkey<br>Use your passkey to sign in.</button><button type="submit" name="authenticationExecution" value="3">Text message<br>Receive a code by SMS.</button>`,
          'id="kc-select-credential-form"',
        ),
        posts: { authenticationExecution: '1' },
      },
      {
        body: keycloak('<label for="otp">One-time code</label><input id="otp" name="otp" type="text">', 'kc-otp-login-form'),
        posts: { otp: code, login: '' },
      },
    ],
    rules: ['keycloak: name', 'keycloak: password', 'keycloak: factors', 'keycloak: code'],
  },
  {
    recipe: 'pingfederate',
    what: 'accounts, name first, password, PingID with a number, then without',
    steps: [
      {
        body: `<div class="ping-container"><ul id="existingAccountsSelectionList"><li><a class="identifier-first__account-select" id="${jane}" href="#" ${pressed('account')}>${jane}</a></li><li><a class="identifier-first__account-select" id="x" href="#" ${pressed('other')}>joe@example.com</a></li></ul></div>`,
        posts: { pressed: 'account' },
      },
      { body: ping('<input id="identifierInput" type="text" name="subject">'), posts: { subject: jane } },
      { body: ping('<input id="password" type="password" name="pf.pass">'), posts: { 'pf.pass': password } },
      {
        body: `<div class="window authenticating"><h1>Authentication</h1><p>Select the number displayed in your PingID mobile app</p><div class="numbermatching">10</div></div>${goesOn}`,
      },
      { body: `<div class="window authenticating"><h1>Authentication</h1><p>Authenticating on iPhone X</p></div>${goesOn}` },
    ],
    rules: [
      'pingfederate: accounts',
      'pingfederate: name',
      'pingfederate: password',
      'pingfederate: PingID: number to match',
      'pingfederate: PingID: approval',
    ],
    lines: [
      `signing in as ${jane}`,
      'waiting for approval (number 10): choose it on your device',
      'waiting for approval: approve the sign-in on your device',
    ],
  },
  {
    recipe: 'pingfederate',
    what: 'name and password, a PingID code by a button that is enabled when it is complete',
    steps: [
      {
        body: ping('<input id="username" type="text" name="pf.username"><input id="password" type="password" name="pf.pass">'),
        posts: { 'pf.username': jane, 'pf.pass': password },
      },
      {
        body: `<div class="window settings"><div class="error-message"></div>${form('<input id="otp" name="otp" type="text" class="passcode-input" maxlength="6" oninput="s.disabled = this.value.length < 6"><input id="s" type="submit" value="Sign On" class="primary" disabled>', 'id="otp-form"')}</div>`,
        posts: { otp: code },
      },
    ],
    rules: ['pingfederate: name and password', 'pingfederate: PingID: code'],
  },
  {
    recipe: 'google',
    what: 'accounts, name, password, the choice of factors, a code of an app',
    mfa: 'totp',
    steps: [
      {
        body: `<h1 id="headingText">Choose an account</h1><ul><li><div role="link" tabindex="0" data-identifier="${jane}" ${pressed('account')}>Jane<div>${jane}</div></div></li><li><div role="link" tabindex="0" data-identifier="joe@example.com" ${pressed('other')}>Joe<div>joe@example.com</div></div></li></ul>`,
        posts: { pressed: 'account' },
      },
      {
        body: google('<input type="email" name="identifier" id="identifierId" aria-label="Email or phone">', 'identifierNext'),
        posts: { identifier: jane },
      },
      {
        body: google('<input type="password" name="Passwd" aria-label="Enter your password">', 'passwordNext'),
        posts: { Passwd: password },
      },
      {
        body: `<h1 id="headingText">2-Step Verification</h1><ul><li><div data-challengetype="39"><button ${pressed('push')}>Tap Yes on your phone or tablet</button></div></li><li><div data-challengetype="6"><button ${pressed('app')}>Get a verification code from the Google Authenticator app</button></div></li><li><div data-challengetype="2" data-challengeunavailable="true"><button disabled>Use your Security Key</button></div></li></ul>`,
        posts: { pressed: 'app' },
      },
      {
        body: google('<input type="tel" name="totpPin" id="totpPin" aria-label="Enter code">', 'totpNext'),
        posts: { totpPin: code },
      },
    ],
    rules: ['google: accounts', 'google: name', 'google: password', 'google: factors', 'google: code of an app'],
  },
  {
    recipe: 'google',
    what: 'a number to match, a code by SMS',
    steps: [
      {
        body: `<h1 id="headingText">2-Step Verification</h1><p>Open the Gmail app, and tap this number on the prompt</p><samp>58</samp>${goesOn}`,
      },
      {
        body: google('<input type="tel" name="Pin" id="idvPin" aria-label="Enter code">', 'idvPreregisteredPhoneNext'),
        posts: { Pin: code },
      },
    ],
    rules: ['google: number to match', 'google: code by SMS or call'],
    lines: ['waiting for approval (number 58): choose it on your device', 'signing in'],
  },
  {
    recipe: 'duo',
    what: 'a number to match, left for a code: mfa = "totp"; then trust',
    mfa: 'totp',
    steps: [
      {
        body: `<div id="auth-view-wrapper"><h1>Enter code in Duo Mobile</h1><div class="verification-code">581</div><button type="button" class="other-options-link" ${pressed('other')}>Other options</button></div>`,
        posts: { pressed: 'other' },
      },
      {
        body: `<div id="auth-view-wrapper"><ul class="all-auth-methods"><li><a href="#" class="auth-method-link" ${pressed('push')}><span>Duo Push</span></a></li><li><a href="#" class="auth-method-link" ${pressed('otp')}><span>Duo Mobile passcode</span></a></li></ul></div>`,
        posts: { pressed: 'otp' },
      },
      {
        body: `<div id="auth-view-wrapper">${form('<label for="passcode-input">Passcode</label><input id="passcode-input" name="passcode-input"><button type="submit" data-testid="verify-button">Verify</button>')}</div>`,
        posts: { 'passcode-input': code },
      },
      {
        body: `<div id="auth-view-wrapper"><h1>Is this your device?</h1><button id="trust-browser-button" ${pressed('yes')}>Yes, this is my device</button><button id="dont-trust-browser-button" ${pressed('no')}>No</button></div>`,
        posts: { pressed: 'yes' },
      },
    ],
    rules: ['duo: number to match', 'duo: factors', 'duo: code', 'duo: trust this browser'],
  },
  {
    recipe: 'push',
    what: 'a number to match of a maker that has no recipe',
    steps: [{ body: `<p>Approve the request on your phone.</p><b id="approvalDisplayNumber">64</b>${goesOn}` }],
    rules: ['push: number to match'],
    lines: ['waiting for approval (number 64): choose it on your device'],
  },
]
