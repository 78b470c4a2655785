/**
 * Keeps secrets out of what is shown. `conceal` names a value that must never be seen; `redact` also knows the shapes of
 * AWS keys, tokens and assertions, for those that were never named.
 */
export interface Redactor {
  conceal(secret: string): void
  redact(text: string): string
}

const shapes: readonly [RegExp, string][] = [
  // Access key ids tell which key, not the key; the last four characters are enough to tell two apart.
  [/\b(AKIA|ASIA)[A-Z0-9]{8,}([A-Z0-9]{4})\b/g, '$1…$2'],
  [/\b(SAMLResponse|SAMLRequest|RelayState|[\w.]*password|passwd|otp|SigninToken|code)=[^&\s"']+/gi, '$1=[redacted]'],
]

// Up to the last @ before the path, as git and curl read it; ssh has it decoded first. Without a scheme only in front of what
// CodeCommit has, for much else has a colon and an @.
const urlPasswords =
  /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*?(?::|%3a))[^\s/]*(?=@)|(?<=(?:^|[\s"'=])[\w.+-]+:)[^\s/:@]+(?=@(?:[\w.-]*codecommit|[\w.-]+:\/?v1\/repos\/))/gi

/** `text` without the passwords of URLs in it: `https://jane:[redacted]@host`. */
export function withoutPasswords(text: string): string {
  return text.replace(urlPasswords, (_, before = '') => `${before}[redacted]`)
}

// Base64 and hexadecimal: tokens, assertions, signatures. A path may be as long, but has no part as long as a secret's.
const longRun = /[A-Za-z0-9+/_=%-]{64,}/g
const secretPart = /[A-Za-z0-9+_=%-]{40,}/

export function createRedactor(): Redactor {
  const secrets = new Set<string>()
  return {
    conceal(secret) {
      if (secret.length >= 3) {
        secrets.add(secret)
        secrets.add(encodeURIComponent(secret))
      }
    },
    redact(text) {
      let result = text
      for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
        result = result.replaceAll(secret, '[redacted]')
      }
      for (const [shape, replacement] of shapes) result = result.replace(shape, replacement)
      return withoutPasswords(result).replace(longRun, (run) => (secretPart.test(run) ? '[redacted]' : run))
    },
  }
}
