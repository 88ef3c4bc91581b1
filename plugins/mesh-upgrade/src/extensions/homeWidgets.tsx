import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';

export const ownSidecarsWidget = HomePageWidgetBlueprint.make({
  name: 'own-sidecars',
  params: {
    name: 'MeshUpgradeOwnSidecars',
    title: 'Sidecars to upgrade',
    description: 'Which of your components run older sidecars of the mesh',
    components: async () => {
      const { OwnSidecars } = await import('../components/home');
      return { Content: OwnSidecars };
    },
    layout: {
      width: { minColumns: 3, defaultColumns: 5 },
      height: { minRows: 2, defaultRows: 4 },
    },
  },
});
