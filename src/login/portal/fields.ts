import {
  besideNames,
  besideWords,
  newPasswordNames,
  newPasswordWords,
  otpNames,
  otpWords,
  passwordNames,
  passwordWords,
  usernameNames,
  usernameWords,
} from './fieldWords.ts'
import type { Field } from './view.ts'
import { namePlain, plain, type Words } from './words.ts'

/** What a portal wants to have in a field. `other` is nothing that awsfed fills. */
export type Role = 'username' | 'password' | 'otp' | 'new-password' | 'other'

/** What has been given to the portal so far: a code is not asked for before a name. */
export interface History {
  readonly usernameGiven: boolean
  readonly passwordGiven: boolean
  /** The key of the field that the password was typed into (`Filling.key`). */
  readonly passwordField?: string | undefined
  /** The addresses of the portal and of the pages that it has led to. */
  readonly visited?: readonly string[]
}

/** A field with the role that it most likely has, and why. */
export interface Reading {
  readonly field: Field
  readonly role: Role
  readonly score: number
  readonly why: string
  /** What the page calls it, for the person who is asked. */
  readonly title: string | undefined
}

type Points = Map<Role, { score: number; why: string[] }>

/** HTML's own words for what a field holds (HTML standard, autofill detail tokens). */
const autofill: readonly [RegExp, Role, number][] = [
  [/\bone-time-code\b/, 'otp', 140],
  [/\bcurrent-password\b/, 'password', 90],
  [/\bnew-password\b/, 'new-password', 70],
  [/\busername\b/, 'username', 110],
  [/\bemail\b/, 'username', 60],
  [/\b(tel|name|given-name|family-name|organization|country|postal-code)\b/, 'other', 90],
]

const labelled: readonly [Words, Role, number][] = [
  [newPasswordWords, 'new-password', 75],
  [otpWords, 'otp', 62],
  [passwordWords, 'password', 55],
  [usernameWords, 'username', 55],
  [besideWords, 'other', 70],
]

const named: readonly [Words, Role, number][] = [
  [newPasswordNames, 'new-password', 50],
  [otpNames, 'otp', 34],
  [passwordNames, 'password', 30],
  [usernameNames, 'username', 34],
  [besideNames, 'other', 45],
]

const fillable = new Set(['text', 'password', 'email', 'tel', 'number', 'url'])

/** What `field` is for, judged by itself alone. */
export function readField(field: Field): Reading {
  const title = field.label || field.placeholder || undefined
  if (!fillable.has(field.type)) return { field, role: 'other', score: 0, why: `type ${field.type}`, title }
  const points: Points = new Map()
  const give = (role: Role, score: number, why: string) => {
    const sum = points.get(role) ?? { score: 0, why: [] }
    points.set(role, { score: sum.score + score, why: [...sum.why, why] })
  }
  for (const [token, role, score] of autofill) {
    if (token.test(field.autocomplete)) give(role, score, `autocomplete ${field.autocomplete}`)
  }
  byType(field, give)
  // What the field itself says counts most, what stands near it least.
  const places: readonly [string, string, number][] = [
    [field.label, 'label', 1],
    [field.placeholder, 'placeholder', field.label ? 0.5 : 0.9],
    [field.near, 'near', field.label || field.placeholder ? 0.2 : 0.7],
  ]
  for (const [text, place, weight] of places) {
    for (const [phrase, role, score] of saidOf(text)) give(role, score * weight, `${place} "${phrase}"`)
  }
  // A security question is neither a password nor a code, whatever its field is called.
  if (/[?？]$/.test(field.label)) give('other', 160, 'a question')
  for (const [list, role, score] of named) {
    const phrase = [field.name, field.id].map((name) => name && list.find(namePlain(name))).find(Boolean)
    if (phrase) give(role, score, `named "${phrase}"`)
  }
  return { field, title, ...best(points) }
}

/**
 * The roles that a label names. Of a phrase that holds another one the longer is meant: "one-time password" is a code, "code secret" a
 * password, "new password" none to give, and "employee code" a name.
 */
function saidOf(text: string): [phrase: string, role: Role, score: number][] {
  if (!text) return []
  const all = labelled.flatMap(([list, role, score]): [string, Role, number][] => {
    const phrase = list.find(text)
    return phrase ? [[phrase, role, score]] : []
  })
  const holds = (longer: string, phrase: string) => longer.length > phrase.length && plain(longer).includes(plain(phrase).trim())
  const said = all
    .filter(([phrase]) => !all.some(([other]) => holds(other, phrase)))
    // Words that say so in full are believed, whatever else the field looks like.
    .map(([phrase, role, score]): [string, Role, number] => {
      const inFull = role === 'new-password' && all.some((other) => other[1] === 'password' && holds(phrase, other[0]))
      return [phrase, role, inFull ? 2 * score : score]
    })
  const of = (role: Role) => said.find((entry) => entry[1] === role)
  const code = of('otp')
  const password = of('password')
  if (!code || !password) return said
  // "One-time" beside "password": such a field is often of type password too.
  return [...said.filter((entry) => entry !== password), [code[0], 'otp', 50]]
}

function byType(field: Field, give: (role: Role, score: number, why: string) => void): void {
  const masked = field.type === 'password' || field.masked
  if (masked) give('password', 48, 'type password')
  if (field.type === 'email') give('username', 45, 'type email')
  if (field.type === 'textarea') give('other', 30, 'textarea')
  if (field.type === 'tel' || field.type === 'number' || field.inputmode === 'numeric')
    give('otp', 22, `${field.type} ${field.inputmode}`.trim())
  if (field.maxLength >= 4 && field.maxLength <= 10) give('otp', 14, `at most ${field.maxLength} characters`)
  if (/\\d|\[0-9\]/.test(field.pattern)) give('otp', 18, 'pattern of digits')
}

function best(points: Points): { role: Role; score: number; why: string } {
  // A password that is not shown cannot be a name.
  if (points.get('password')?.why.includes('type password')) points.delete('username')
  const [first] = [...points].sort(([, a], [, b]) => b.score - a.score)
  if (!first || first[1].score < 20) return { role: 'other', score: 0, why: 'nothing tells what it is for' }
  return { role: first[0], score: Math.round(first[1].score), why: first[1].why.join(', ') }
}

/** Boxes of one character each, that hold a code together: in the order in which they are filled. */
export function codeBoxes(fields: readonly Field[]): readonly Field[] {
  // Some are enabled only when the one before them has been filled.
  const boxes = fields.filter(
    (field) =>
      fillable.has(field.type) && (field.maxLength === 1 || (field.width > 0 && field.width <= 64 && field.maxLength <= 2)),
  )
  const row = boxes.filter((box) => box.form === boxes[0]?.form && Math.abs(box.y - (boxes[0]?.y ?? 0)) < 8)
  return boxes[0]?.enabled && row.length >= 4 && row.length <= 10 ? row : []
}
