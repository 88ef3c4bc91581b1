import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { AuthenticationError } from '@backstage/errors';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';

/** Names the person of the demo catalog that the browser signs in as. */
const LAB_USER_HEADER = 'x-lab-user';

const labAuthenticator = createProxyAuthenticator({
  defaultProfileTransform: async () => ({ profile: {} }),
  initialize() {},
  async authenticate({ req }) {
    const user = req.header(LAB_USER_HEADER);
    if (!user || !/^[a-z][a-z0-9-]*$/.test(user)) {
      throw new AuthenticationError(
        `Header '${LAB_USER_HEADER}' must name a user of the demo catalog`,
      );
    }
    return { result: { user } };
  },
});

/**
 * Lets anybody be any person of the demo catalog, without a password.
 * Registered only when `auth.environment` is `development`.
 */
export default createBackendModule({
  pluginId: 'auth',
  moduleId: 'lab-sign-in',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        providers: authProvidersExtensionPoint,
      },
      async init({ config, logger, providers }) {
        if (config.getOptionalString('auth.environment') !== 'development') {
          return;
        }
        logger.warn(
          'Sign-in without a password is on: never expose this instance',
        );
        providers.registerProvider({
          providerId: 'lab',
          factory: createProxyAuthProviderFactory({
            authenticator: labAuthenticator,
            async signInResolver({ result }, context) {
              return context.signInWithCatalogUser({
                entityRef: stringifyEntityRef({
                  kind: 'User',
                  namespace: 'default',
                  name: result.user,
                }),
              });
            },
          }),
        });
      },
    });
  },
});
