import { useState } from 'react';
import { ProxiedSignInPage } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Card from '@material-ui/core/Card';
import CardActionArea from '@material-ui/core/CardActionArea';
import CardContent from '@material-ui/core/CardContent';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import { appTranslationRef } from '../translation';
import { forgetOnSignOut } from './forgetOnSignOut';
import {
  PEOPLE,
  rememberedPerson,
  rememberPerson,
  type Person,
} from './people';

/** Lets one be one of three people of the demo; the choice is remembered until one signs out. */
export function SignInPage(props: SignInPageProps) {
  const [person, setPerson] = useState(rememberedPerson);

  function choose(chosen: Person | undefined) {
    rememberPerson(chosen);
    setPerson(chosen);
  }

  if (!person) {
    return <Choice onChoose={choose} />;
  }
  return (
    <ProxiedSignInPage
      provider="lab"
      headers={{ 'x-lab-user': person.id }}
      onSignInSuccess={identity =>
        props.onSignInSuccess(
          forgetOnSignOut(identity, () => rememberPerson(undefined)),
        )
      }
      ErrorComponent={({ error }) => (
        <Failure
          person={person}
          error={error}
          onAgain={() => choose(undefined)}
        />
      )}
    />
  );
}

function Choice(props: { onChoose(person: Person): void }) {
  const { t } = useTranslationRef(appTranslationRef);
  return (
    <Box p={6} maxWidth={1040} mx="auto" component="main">
      <Typography variant="h3" component="h1" gutterBottom>
        {t('signIn.title')}
      </Typography>
      <Typography color="textSecondary" paragraph>
        {t('signIn.explanation')}
      </Typography>
      <Box display="flex" flexWrap="wrap" gridGap={16}>
        {PEOPLE.map(person => (
          <Card key={person.id} variant="outlined" style={{ width: 280 }}>
            <CardActionArea
              aria-label={t('signIn.as', { name: person.name })}
              onClick={() => props.onChoose(person)}
            >
              <CardContent>
                <Typography variant="h6" component="h2">
                  {person.name}
                </Typography>
                <Typography color="textSecondary">
                  {t(`signIn.${person.id}`)}
                </Typography>
              </CardContent>
            </CardActionArea>
          </Card>
        ))}
      </Box>
    </Box>
  );
}

function Failure(props: { person: Person; error?: Error; onAgain(): void }) {
  const { t } = useTranslationRef(appTranslationRef);
  return (
    <Box p={6} maxWidth={1040} mx="auto">
      <Alert
        severity="error"
        action={
          <Button color="inherit" onClick={props.onAgain}>
            {t('signIn.again')}
          </Button>
        }
      >
        {t('signIn.failed', {
          name: props.person.name,
          reason: props.error?.message ?? '',
        })}
      </Alert>
    </Box>
  );
}
