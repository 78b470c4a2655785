import type { Recipe } from '../rules.ts'

/**
 * Microsoft Entra ID (login.microsoftonline.com and its sovereign clouds). The ids have been stable since 2016; the same ones
 * are used by aws-azure-login and saml2aws. Fields of the other step lie outside the page (`moveOffScreen`) and do not count.
 */
export const entra: Recipe = {
  name: 'entra',
  rules: [
    {
      name: 'entra: password',
      when: ['#i0118, input[name=passwd]', '#idSIButton9'],
      fill: { '#i0118, input[name=passwd]': 'password' },
      click: '#idSIButton9',
      error: '#passwordError',
      max: 2,
    },
    {
      name: 'entra: name',
      when: ['#i0116, input[name=loginfmt]', '#idSIButton9'],
      fill: { '#i0116, input[name=loginfmt]': 'username' },
      click: '#idSIButton9',
      error: '#usernameError',
      max: 2,
    },
    {
      name: 'entra: code',
      when: ['#idTxtBx_SAOTCC_OTC, input[name=otc]'],
      fill: { '#idTxtBx_SAOTCC_OTC, input[name=otc]': 'otp' },
      check: ['#idChkBx_SAOTCC_TD'],
      click: '#idSubmit_SAOTCC_Continue, #idSIButton9',
      error: '#idSpan_SAOTCC_Error_OTC, #idTD_Error',
      max: 3,
    },
    {
      name: 'entra: number to match',
      when: ['#idRichContext_DisplaySign, #idRemoteNGC_DisplaySign, .displaySign'],
      check: ['#idChkBx_SAOTCAS_TD'],
      show: '#idRichContext_DisplaySign, #idRemoteNGC_DisplaySign, .displaySign',
      error: '#idDiv_SAASDS_Description, #idDiv_SAASTO_Description',
    },
    {
      name: 'entra: approval',
      when: ['#idDiv_SAOTCAS_Title, #idDiv_SAOTCAS_Description'],
      check: ['#idChkBx_SAOTCAS_TD'],
      wait: 'approval',
    },
    { name: 'entra: stay signed in', when: ['#KmsiDescription, #KmsiCheckboxField', '#idSIButton9'], click: '#idSIButton9' },
    {
      name: 'entra: factors',
      when: ['#idDiv_SAOTCS_Proofs [data-value]'],
      choose: { options: '#idDiv_SAOTCS_Proofs [data-value]', about: 'factor' },
    },
    {
      name: 'entra: accounts',
      when: ['#tilesHolder [data-test-id]'],
      choose: { options: '#tilesHolder [data-test-id]', about: 'account' },
    },
    { name: 'entra: service error', when: ['#service_exception_message'], error: '#service_exception_message' },
  ],
}
