{{/*
What each component is made of. Not values: a component without its database or keys cannot run, and one with more than
it needs is a risk.
  database     has a schema and roles in PostgreSQL
  rest         answers operators or agents
  keyFiles     the files of each tenant's keys that it may read
  credentials  reads Exchange credentials
  s3           has an account at the object store
  scratch      needs room on disk while it works
  egress       where it connects to
  gateway      answers agents, by TLS too where values say so
*/}}
{{- define "mailferry.components" -}}
inventory:
  database: true
  rest: true
  keyFiles: [directory.json, escrow-public.jwk]
  credentials: false
  s3: true
  scratch: false
  egress: [kafka, postgres, s3]
  gateway: true
planner:
  database: true
  rest: true
  keyFiles: []
  credentials: false
  s3: false
  scratch: false
  egress: [kafka, postgres]
exporter:
  database: true
  rest: true
  keyFiles: [kek.json, directory.json]
  credentials: true
  s3: true
  scratch: false
  egress: [kafka, postgres, s3, exchange]
uploader:
  database: false
  rest: false
  keyFiles: []
  credentials: false
  s3: true
  scratch: true
  egress: [kafka, s3]
restore:
  database: true
  rest: true
  keyFiles: [kek.json, directory.json, escrow-private.jwe]
  credentials: false
  s3: true
  scratch: true
  egress: [kafka, postgres, s3]
{{- end -}}

{{/* Takes (dict "root" $ "name" <component> "traits" <its entry above>); gives the settings that are no secrets. */}}
{{- define "mailferry.component.settings" -}}
{{- $values := .root.Values -}}
MAILFERRY_HTTP_HOST: "0.0.0.0"
MAILFERRY_HTTP_PORT: {{ $values.ports.http | quote }}
MAILFERRY_MANAGEMENT_PORT: {{ $values.ports.management | quote }}
MAILFERRY_KAFKA: {{ $values.kafka.bootstrapServers | quote }}
{{- if .traits.scratch }}
MAILFERRY_SCRATCH_DIRECTORY: /scratch
{{- end }}
{{- if .traits.database }}
MAILFERRY_DB_URL: {{ $values.postgres.url | quote }}
MAILFERRY_DB_USER: {{ .name }}_app
MAILFERRY_DB_OWNER: {{ .name }}_owner
{{- end }}
{{- if .traits.s3 }}
MAILFERRY_S3_ENDPOINT: {{ $values.s3.endpoint | quote }}
MAILFERRY_S3_BUCKET: {{ $values.s3.bucket | quote }}
MAILFERRY_S3_REGION: {{ $values.s3.region | quote }}
{{- end }}
{{- if .traits.keyFiles }}
MAILFERRY_KEYS_DIRECTORY: /etc/mailferry/keys
MAILFERRY_KEYS_CREATE_MISSING: "false"
{{- end }}
{{- if .traits.credentials }}
MAILFERRY_CREDENTIALS_DIRECTORY: /etc/mailferry/credentials
{{- end }}
{{- if .traits.rest }}
{{- if $values.operators.existingSecret }}
MAILFERRY_OPERATORS_FILE: /etc/mailferry/operators/operators.json
{{- end }}
{{- with $values.operators.oidc }}
{{- if .url }}
MAILFERRY_OPERATORS_OIDC_URL: {{ .url | quote }}
MAILFERRY_OPERATORS_OIDC_AUDIENCE: {{ .audience | quote }}
MAILFERRY_OPERATORS_OIDC_NAME_CLAIM: {{ .nameClaim | quote }}
MAILFERRY_OPERATORS_OIDC_ROLES_CLAIM: {{ .rolesClaim | quote }}
MAILFERRY_OPERATORS_OIDC_TENANTS_CLAIM: {{ .tenantsClaim | quote }}
MAILFERRY_OPERATORS_OIDC_CLI_CLIENT: {{ .cliClient | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .traits.gateway $values.gateway.tls.existingSecret }}
MAILFERRY_HTTPS_PORT: {{ $values.ports.https | quote }}
MAILFERRY_TLS_CERTIFICATE: /etc/mailferry/tls/tls.crt
MAILFERRY_TLS_KEY: /etc/mailferry/tls/tls.key
MAILFERRY_CLIENT_CERTIFICATES: {{ $values.gateway.tls.clientCertificates | quote }}
{{- end }}
QUARKUS_SHUTDOWN_TIMEOUT: {{ printf "%vS" $values.drain.shutdownSeconds }}
JAVA_TOOL_OPTIONS: {{ printf "-Xmx%s -XX:+ExitOnOutOfMemoryError" (index $values.components .name).heap }}
{{- end -}}
