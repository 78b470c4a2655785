/**
 * What a portal asks for and the person, or a command of the configuration, answers. Each is asked only when the portal
 * shows the field for it. Each may throw an AwsfedError: `login-needed` when nobody may be asked, `cancelled` when the
 * person gave up.
 */
export interface Answers {
  /** The name to sign in with. */
  username(): Promise<string>
  /** The password of `user`, where the portal has asked for a name. */
  password(user: string | undefined): Promise<string>
  /** A one-time code. `label` is what the portal calls it ("Enter the 6-digit code"), in the portal's words. */
  otp(label: string | undefined): Promise<string>
  /** Which of `options`, in the portal's words: an index into them. */
  choose(title: string, options: readonly string[]): Promise<number>
  /** Whether somebody is there to approve the sign-in on another device. */
  readonly mayWaitForApproval: boolean
}
