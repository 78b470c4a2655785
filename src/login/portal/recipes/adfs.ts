import type { Recipe } from '../rules.ts'

/**
 * AD FS 2012 R2 to 2022 as its default web theme has it, and the pages of its Azure MFA adapter. Microsoft documents the ids as
 * what a theme's onload.js may rely on (Windows Server, "Advanced Customization of AD FS Sign-in Pages").
 */
export const adfs: Recipe = {
  name: 'adfs',
  rules: [
    {
      name: 'adfs: name and password',
      when: ['#userNameInput', '#passwordInput', '#submitButton'],
      fill: { '#userNameInput': 'username', '#passwordInput': 'password' },
      check: ['#kmsiInput'],
      click: '#submitButton',
      error: '#errorText, #expiredNotification',
      max: 2,
    },
    {
      name: 'adfs: name',
      when: ['#userNameInput', '#nextButton'],
      fill: { '#userNameInput': 'username' },
      click: '#nextButton',
      max: 2,
    },
    {
      name: 'adfs: password',
      when: ['#passwordInput', '#submitButton'],
      unless: ['#userNameInput'],
      fill: { '#passwordInput': 'password' },
      check: ['#kmsiInput'],
      click: '#submitButton',
      max: 2,
    },
    {
      name: 'adfs: code',
      when: ['#verificationCodeInput'],
      fill: { '#verificationCodeInput': 'otp' },
      click: '#signInButton, #continueButton, #submitButton',
      error: '#errorMessage, #azureMfaErrorText',
      max: 3,
    },
    { name: 'adfs: number to match', when: ['#validEntropyNumber'], show: '#validEntropyNumber' },
    { name: 'adfs: home realm', when: ['#hrdArea .idp'], choose: { options: '#hrdArea .idp', about: 'provider' } },
  ],
}
