/** An assertion as it was caught on its way to AWS. A secret: whoever has it can assume its roles for some minutes. */
export interface Captured {
  /** The `SAMLResponse` field, base64, byte-exact as the portal posted it. */
  readonly samlResponse: string
  /** The URL that it was posted to. */
  readonly acs: string
}
