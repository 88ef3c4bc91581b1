import { createApp } from '@backstage/frontend-defaults';
import { homeModule } from './home';
import { languagesModule } from './languages';
import { navModule } from './nav';
import { signInModule } from './signIn';

/** The plugins are discovered: every dependency of this package with the role of a frontend plugin. */
export default createApp({
  features: [homeModule, languagesModule, navModule, signInModule],
});
