import { createTranslationMessages } from '@backstage/frontend-plugin-api';
import { appTranslationRef } from './translation';

export default createTranslationMessages({
  ref: appTranslationRef,
  full: true,
  messages: {
    'nav.menu': '菜单',
    'nav.settings': '设置',
    'signIn.title': '您想以谁的身份登录？',
    'signIn.explanation':
      '这是一个演示：每个人看到的内容和可执行的操作各不相同。没有密码，因此切勿对外开放。',
    'signIn.as': '以 {{name}} 的身份登录',
    'signIn.failed': '以 {{name}} 的身份登录失败：{{reason}}',
    'signIn.again': '选择其他人',
    'signIn.ada': '平台工程师：可以升级所有网格和边车',
    'signIn.olga': '同为平台工程师：可以批准 Ada 发起的升级',
    'signIn.finn': 'storefront 团队成员：可以升级本团队的边车',
    'signIn.grace': 'checkout 团队成员：可以升级本团队的边车',
  },
});
