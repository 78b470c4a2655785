import type { Recipe } from '../rules.ts'

const number =
  '[id$=DisplayNumber], [id$=DisplaySign], .verification-code, .phone--number, [data-se=challenge-number], .number-challenge'

/** Pages of several makers that wait for an approval on another device: where they show the number to match there. */
export const push: Recipe = {
  name: 'push',
  rules: [
    { name: 'push: number to match', when: [number], show: number },
    { name: 'push: trust this browser', when: ['#trust-browser-button'], click: '#trust-browser-button' },
  ],
}
