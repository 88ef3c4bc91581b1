import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { NavContentComponentProps } from '@backstage/plugin-app-react';
import Menu from '@material-ui/icons/Menu';
import Settings from '@material-ui/icons/Settings';
import { appTranslationRef } from '../translation';

/** The meshes first, then what else the app has, and the settings at the foot. */
export function AppSidebar(props: NavContentComponentProps) {
  const { t } = useTranslationRef(appTranslationRef);
  const nav = props.navItems.withComponent(item => (
    <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
  ));
  const meshes = nav.take('page:mesh-upgrade');
  const catalog = nav.take('page:catalog');
  const settings = nav.take('page:user-settings');
  return (
    <Sidebar>
      <SidebarGroup label={t('nav.menu')} icon={<Menu />}>
        {meshes}
        {catalog}
        <SidebarDivider />
        <SidebarScrollWrapper>
          {nav.rest({ sortBy: 'title' })}
        </SidebarScrollWrapper>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      <SidebarGroup
        label={t('nav.settings')}
        icon={<Settings />}
        to="/settings"
      >
        {settings}
      </SidebarGroup>
    </Sidebar>
  );
}
