/** What the window shows in the place of AWS's page. Its icon is named, or the browser would ask AWS for one. */
export const donePage = page(
  'Signed in',
  'awsfed has what it needs from your portal. You may close this window: awsfed closes it by itself in a moment.',
)

/** Shown for a request to AWS's sign-in that holds no assertion, and is not passed on either. */
export const emptyPage = page(
  'Nothing to sign in with',
  'The portal opened the AWS sign-in without an assertion. Go back and choose AWS on the portal’s page.',
)

function page(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>
  body { font: 18px/1.5 system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh; margin: 0; padding: 2rem; }
  main { max-width: 30rem; }
  h1 { font-size: 1.5rem; }
</style>
<main>
  <h1>${title}</h1>
  <p>${text}</p>
</main>
</html>
`
}
