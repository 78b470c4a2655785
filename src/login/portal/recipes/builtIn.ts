import adfs from '../../../../recipes/adfs.toml' with { type: 'text' }
import duo from '../../../../recipes/duo.toml' with { type: 'text' }
import entra from '../../../../recipes/entra.toml' with { type: 'text' }
import google from '../../../../recipes/google.toml' with { type: 'text' }
import keycloak from '../../../../recipes/keycloak.toml' with { type: 'text' }
import okta from '../../../../recipes/okta.toml' with { type: 'text' }
import pingfederate from '../../../../recipes/pingfederate.toml' with { type: 'text' }
import push from '../../../../recipes/push.toml' with { type: 'text' }

/** The recipes that awsfed brings, as users write theirs: their texts by their names. `push` is last, it knows least. */
export const builtIn: Readonly<Record<string, string>> = { adfs, entra, okta, keycloak, pingfederate, google, duo, push }
