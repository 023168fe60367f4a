package main

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

// secretRun is a run of the program that is given a secret.
type secretRun struct {
	environment []string
	args        []string // {written} is a folder that is looked through
	code        int
	// says is what the output must show, so that the run did what it is for.
	says []string
	// silent is why there is no output; empty: there is some.
	silent string
	// bare is why the list of processes shows the secret; empty: it does not.
	bare string
}

// secretRuns are the runs of TestSecretsShowNowhere, against a server that takes
// everything and others that do not.
func secretRuns(t *testing.T, server string) map[string]secretRun {
	t.Helper()
	urlKey := server + "/live+" + hidden
	asking := func(login rtmptest.Login) string {
		s := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{"connect": login.Handler()}})
		return strings.Replace(s.URL("live+"+hidden), "://", "://user:"+hidden+"@", 1)
	}
	closed := asking(rtmptest.Login{User: "user", Password: "another"})
	echo := func(good int32, secrets ...string) string {
		return rtmptest.NewServer(t, echoing(good, secrets)).URL("live")
	}
	proxy := echoingProxy(t)
	strange := httptest.NewUnstartedServer(http.NotFoundHandler())
	strange.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that do not trust it
	strange.StartTLS()
	t.Cleanup(strange.Close)
	secure := rtmptest.NewServer(t, rtmptest.Script{TLS: &tls.Config{Certificates: strange.TLS.Certificates}})
	untrusted := "rtmps://user:" + hidden + "@" + strange.Listener.Addr().String() + "/live+" + hidden
	unsafe := strings.Replace(secure.URL("live+"+hidden), "rtmp://", "rtmps://", 1)
	plain := strings.Replace(urlKey, "rtmp://", "rtmps://", 1)
	token, err := json.Marshal(map[string]string{"token": odd})
	require.NoError(t, err)

	runs := map[string]secretRun{
		"key in the URL":         {args: []string{"publish", "clip.mp4", urlKey}},
		"tokens in the URL":      {args: []string{"publish", "clip.mp4", server + "/live?auth=" + hidden + "/key?token=" + hidden}},
		"credentials in the URL": {args: []string{"publish", "clip.mp4", strings.Replace(urlKey, "://", "://user:"+hidden+"@", 1)}},
		"JSON report":            {args: []string{"publish", "--json", "clip.mp4", urlKey}},
		"URL as a flag":          {args: []string{"publish", "clip.mp4", "--url", urlKey}},
		"key as a flag":          {args: []string{"publish", "--stream-key", hidden, "clip.mp4", server + "/live"}},
		"key in the environment": {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"publish", "clip.mp4", server + "/live"}},
		"URL in the environment": {environment: []string{"RTMPWRITER_URL=" + urlKey}, args: []string{"publish", "clip.mp4"}},
		"key in a file":          {args: []string{"publish", "--stream-key-file", "key.txt", "clip.mp4", server + "/live"}},
		"key in YAML":            {args: []string{"publish", "--config", "key.yaml", "clip.mp4", server + "/live"}},
		"URLs in YAML":           {args: []string{"publish", "--config", "urls.yaml", "clip.mp4"}},
		"password":               {args: []string{"publish", "--username", "user", "--password", hidden, "clip.mp4", urlKey}},
		"password in a file":     {args: []string{"publish", "--username", "user", "--password-file", "key.txt", "clip.mp4", urlKey}},
		"connect info":           {args: []string{"publish", "--connect-info", `{"token":"` + hidden + `"}`, "clip.mp4", urlKey}},
		"backup URLs":            {args: []string{"publish", "--backup-urls", "rtmp://127.0.0.1:1/live+" + hidden, "clip.mp4", urlKey}},
		"proxy":                  {args: []string{"publish", "--proxy", "socks5://user:" + hidden + "@127.0.0.1:1", "--reconnect-unlimited=off", "clip.mp4", urlKey}, code: exitConnection},
		"proxy in environment":   {environment: []string{"ALL_PROXY=http://user:" + hidden + "@127.0.0.1:1"}, args: []string{"publish", "--reconnect-unlimited=off", "clip.mp4", "rtmp://example.com/live+" + hidden}, code: exitConnection},
		"nobody there":           {args: []string{"publish", "--reconnect-unlimited=off", "clip.mp4", "rtmp://user:" + hidden + "@127.0.0.1:1/live+" + hidden}, code: exitConnection},
		"refused":                {args: []string{"publish", "clip.mp4", closed}, code: exitRefused},

		"bad scheme":         {args: []string{"publish", "clip.mp4", "http://user:" + hidden + "@127.0.0.1/live+" + hidden}, code: exitUsage},
		"bad port":           {args: []string{"publish", "clip.mp4", "rtmp://user:" + hidden + "@127.0.0.1:0/live+" + hidden}, code: exitUsage},
		"bad password":       {args: []string{"publish", "clip.mp4", "rtmp://user:x/" + hidden + "@127.0.0.1/live+k"}, code: exitUsage},
		"bad proxy":          {args: []string{"publish", "--proxy", "user:" + hidden + "@127.0.0.1", "clip.mp4", urlKey}, code: exitUsage},
		"bad connect info":   {args: []string{"publish", "--connect-info", `{"token":` + hidden, "clip.mp4", urlKey}, code: exitUsage},
		"bad backup URL":     {args: []string{"publish", "--backup-urls", "ftp://user:" + hidden + "@x/" + hidden, "clip.mp4", urlKey}, code: exitUsage},
		"two keys":           {args: []string{"publish", "--stream-key", hidden, "clip.mp4", urlKey}, code: exitUsage},
		"key twice":          {environment: []string{"RTMPWRITER_STREAM_KEY_FILE=key.txt", "RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"publish", "clip.mp4", server + "/live"}, code: exitUsage},
		"empty key file":     {environment: []string{"RTMPWRITER_PASSWORD=" + hidden}, args: []string{"publish", "--stream-key-file", "empty.txt", "clip.mp4", server + "/live"}, code: exitUsage},
		"wrong flag":         {args: []string{"publish", "--stream-key", hidden, "--chunk-size", "1", "clip.mp4", urlKey}, code: exitUsage},
		"unknown flag":       {args: []string{"publish", "--stream-keys", hidden, "clip.mp4", urlKey}, code: exitUsage, bare: "nobody can know that it is one"},
		"flag without value": {args: []string{"publish", "clip.mp4", urlKey, "--stream-key"}, code: exitUsage},
		"too many arguments": {args: []string{"publish", "clip.mp4", urlKey, hidden}, code: exitUsage, bare: "nobody can know that it is one"},
		"YAML: syntax":       {args: []string{"publish", "--config", "syntax.yaml", "clip.mp4", urlKey}, code: exitUsage},
		"YAML: type":         {args: []string{"publish", "--config", "type.yaml", "clip.mp4", urlKey}, code: exitUsage},
		"YAML: twice":        {args: []string{"publish", "--config", "twice.yaml", "clip.mp4", urlKey}, code: exitUsage},

		"options":            {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"options"}},
		"options of a file":  {args: []string{"options", "--config", "key.yaml"}},
		"options of flags":   {args: []string{"options", "--values", "--proxy", "http://user:" + hidden + "@127.0.0.1:1", "--connect-info", `{"a":"` + hidden + `"}`, "--backup-urls", urlKey}},
		"options, JSON":      {environment: []string{"RTMPWRITER_URL=" + urlKey}, args: []string{"options", "--values", "--json", "--password-file", "key.txt"}},
		"help":               {environment: []string{"RTMPWRITER_URL=" + urlKey, "RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"publish", "--help"}},
		"demo":               {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden, "RTMPWRITER_PASSWORD=" + hidden}, args: []string{"demo", "--pace", "max"}},
		"probe":              {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"probe", "clip.mp4"}},
		"check":              {args: []string{"check", urlKey}},
		"check, JSON":        {args: []string{"check", "--json", "--seconds", "1", "--username", "user", "--password", hidden, urlKey}},
		"check, key apart":   {environment: []string{"RTMPWRITER_PASSWORD=" + hidden}, args: []string{"check", "--stream-key-file", "key.txt", "--connect-info", `{"token":"` + hidden + `"}`, server + "/live?token=" + hidden}},
		"check, nobody":      {args: []string{"check", "rtmps://user:" + hidden + "@127.0.0.1:1/live+" + hidden}, code: exitConnection},
		"check, proxy":       {args: []string{"check", "--json", "--proxy", "http://user:" + hidden + "@127.0.0.1:1", urlKey}, code: exitConnection},
		"check, refused":     {args: []string{"check", "--json", closed}, code: exitRefused},
		"check, bad URL":     {args: []string{"check", "http://user:" + hidden + "@127.0.0.1/live+" + hidden}, code: exitUsage},
		"check, bad option":  {args: []string{"check", "--chunk-size", "1", "--stream-key", hidden, server + "/live"}, code: exitUsage},
		"completion":         {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"completion", "bash"}},
		"version":            {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"--version"}},
		"a command by error": {args: []string{"publsh", "--stream-key", hidden, "clip.mp4", urlKey}, code: exitUsage},

		"everything at once":  {args: []string{"publish", "--stream-key", odd, "--username", "user", "--password", odd, "--connect-info", string(token), "clip.mp4", server + "/live"}},
		"odd environment":     {environment: []string{"RTMPWRITER_STREAM_KEY=" + odd, "RTMPWRITER_CONNECT_INFO=" + string(token)}, args: []string{"publish", "--json", "clip.mp4", server + "/live"}},
		"Adobe's login":       {args: []string{"publish", "clip.mp4", asking(rtmptest.Login{User: "user", Password: hidden})}, says: []string{"auth"}},
		"Limelight's login":   {args: []string{"publish", "clip.mp4", asking(rtmptest.Login{User: "user", Password: hidden, Limelight: true})}, says: []string{"auth"}},
		"Adobe's login, odd":  {args: []string{"publish", "--json", "--auth", "adobe", "--username", "user", "--password", odd, "clip.mp4", strings.Replace(closed, "user:"+hidden+"@", "", 1)}, code: exitRefused},
		"echo":                {args: []string{"publish", "clip.mp4", echo(0, hidden) + "+" + hidden}, code: exitRefused, says: []string{"BadName", "****"}},
		"echo, JSON":          {args: []string{"publish", "--json", "--stream-key", odd, "clip.mp4", echo(0, odd)}, code: exitRefused, says: []string{"BadName", "****"}},
		"echo of all":         {args: []string{"publish", "--password", odd, "--username", "user", "--connect-info", string(token), "clip.mp4", echo(0, odd, hidden) + "+" + hidden}, code: exitRefused, says: []string{"BadName"}},
		"echo, later":         {args: []string{"publish", "--pace", "realtime", "--reconnect-interval", "100", "--reconnect-attempts", "2", "--stream-key", odd, "--loop", "clip.mp4", echo(1, odd)}, code: exitRefused, says: []string{"reconnecting", "BadName"}},
		"echo, check":         {args: []string{"check", "--json", echo(0, hidden) + "+" + hidden}, code: exitRefused, says: []string{"BadName"}},
		"echoing proxy":       {args: []string{"publish", "--proxy", "http://user:" + hidden + "@" + proxy, "--reconnect-unlimited=off", "clip.mp4", urlKey}, code: exitConnection, says: []string{"407", "****"}},
		"unknown certificate": {args: []string{"publish", "--reconnect-unlimited=off", "clip.mp4", untrusted}, code: exitConnection, says: []string{"certificate"}},
		"no TLS there":        {args: []string{"publish", "--reconnect-unlimited=off", "clip.mp4", plain}, code: exitConnection, says: []string{"TLS"}},
		"unverified":          {args: []string{"publish", "--tls-verify=off", "clip.mp4", unsafe}, says: []string{"tls-verify is off"}},
		"check, certificate":  {args: []string{"check", "--json", untrusted}, code: exitConnection, says: []string{"certificate"}},

		"URL for a command":     {args: []string{urlKey}, code: exitUsage},
		"URL for no command":    {args: []string{"help", urlKey}},
		"URL for the input":     {args: []string{"publish", urlKey, "clip.mp4"}, code: exitUsage},
		"URL to probe":          {args: []string{"probe", urlKey}, code: exitInput},
		"URL for the demo":      {args: []string{"demo", urlKey}, code: exitUsage},
		"URL for an option":     {args: []string{"publish", "--bind", urlKey, "--log-file", urlKey, "clip.mp4", urlKey}, code: exitUsage},
		"URL for a switch":      {args: []string{"publish", "--loop=" + urlKey, "clip.mp4"}, code: exitUsage},
		"URL for a number":      {args: []string{"publish", "--trace", urlKey, "clip.mp4"}, code: exitUsage},
		"URL for a file":        {args: []string{"options", "--config", urlKey}, code: exitUsage},
		"no slashes, command":   {args: []string{"rtmp:127.0.0.1/live+" + hidden}, code: exitUsage},
		"no slashes, option":    {args: []string{"publish", "--start=rtmp:127.0.0.1/live+" + hidden, "--frame-rate", urlKey, "clip.mp4"}, code: exitUsage},
		"no slashes, input":     {args: []string{"probe", "rtmp:127.0.0.1/live+" + hidden}, code: exitInput},
		"URL with dashes":       {args: []string{"publish", "--" + urlKey + "?a=b", "clip.mp4"}, code: exitUsage, says: []string{"unknown flag: --rtmp…"}},
		"URL in a variable":     {environment: []string{"RTMPWRITER_START=" + urlKey}, args: []string{"publish", "clip.mp4", urlKey}, code: exitUsage},
		"half a URL":            {args: []string{"publish", "--trace", "rtmp://user:" + hidden, "clip.mp4"}, code: exitUsage},
		"half a URL, command":   {args: []string{"rtmp://user:" + hidden}, code: exitUsage},
		"a URL and its begin":   {args: []string{"publish", "--start", urlKey, "--url", server + "/live", "clip.mp4"}, code: exitUsage},
		"colon for =":           {args: []string{"publish", "--stream-key:" + hidden, "clip.mp4", urlKey}, code: exitUsage, says: []string{"unknown flag: --stream-key…"}, bare: "nobody can know that it is one"},
		"nothing for =":         {args: []string{"publish", "--password" + hidden, "clip.mp4", urlKey}, code: exitUsage, says: []string{"unknown flag: --password…"}, bare: "nobody can know that it is one"},
		"three dashes":          {args: []string{"publish", "---stream-key=" + hidden, "clip.mp4", urlKey}, code: exitUsage, says: []string{"bad flag syntax"}},
		"a long dash":           {args: []string{"options", "\u2014stream-key=" + hidden}, code: exitUsage, says: []string{"\u2014stream-key=****"}},
		"a long dash, input":    {args: []string{"publish", "\u2014stream-key=" + hidden, urlKey}, code: exitInput, says: []string{"\u2014stream-key=****"}},
		"no dash":               {args: []string{"demo", "password=" + hidden}, code: exitUsage, says: []string{"password=****"}},
		"slash in a password":   {args: []string{"publish", "clip.mp4", server + "/" + hidden + "@127.0.0.1/live+k"}},
		"colon with an escape":  {args: []string{"publish", "clip.mp4", strings.Replace(server, "://", "://user%3A"+hidden+"@", 1) + "/live+k"}},
		"mark with an escape":   {args: []string{"publish", "clip.mp4", server + "/live%3Ftoken=" + hidden + "/k"}},
		"no question mark":      {args: []string{"publish", "clip.mp4", server + "/live&token=" + hidden + "+k"}},
		"a token alone":         {args: []string{"publish", "--json", "clip.mp4", server + "/live?" + hidden + "=&a=b+k"}},
		"another delimiter":     {args: []string{"publish", "--url-delimiter=", "--stream-key=k", "clip.mp4", urlKey}},
		"folder in the way":     {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"generate-docs", "clip.mp4"}, code: exitFailure},
		"letter with a key":     {args: []string{"publish", "-k" + hidden, "clip.mp4", urlKey}, code: exitUsage, bare: "nobody can know that it is one"},
		"proxy without a host":  {args: []string{"options", "--values", "--proxy", "socks5://user:" + hidden}, code: exitUsage},
		"backup without a path": {args: []string{"options", "--values", "--backup-urls", "rtmp://127.0.0.1?" + hidden}, code: exitUsage},
		"key's file is missing": {args: []string{"publish", "--password-file", "none.txt", "--stream-key", hidden, "clip.mp4", server + "/live"}, code: exitUsage},

		"documentation":        {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden, "RTMPWRITER_URL=" + urlKey}, args: []string{"generate-docs", "{written}"}, silent: "it writes files"},
		"zsh":                  {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"completion", "zsh"}},
		"fish":                 {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"completion", "fish"}},
		"powershell":           {environment: []string{"RTMPWRITER_STREAM_KEY=" + hidden}, args: []string{"completion", "powershell"}},
		"completing":           {environment: []string{"RTMPWRITER_URL=" + urlKey}, args: []string{"__complete", "publish", "--stream-key", hidden, "--"}},
		"completing a mistake": {args: []string{"__completeNoDesc", "publish", "--stream-key=" + hidden, "--nonsense", ""}},
	}
	return runs
}

// echoing is a server that says the secrets back in all the ways that a server
// might, and refuses the stream: after some sessions that it lets begin and resets
// after two seconds of video: one that ends sooner has not begun.
func echoing(good int32, secrets []string) rtmptest.Script {
	var said []string
	for _, secret := range secrets {
		b := []byte(secret)
		inJSON, _ := json.Marshal(secret)
		said = append(said, secret, url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)),
			base64.StdEncoding.EncodeToString(b), base64.URLEncoding.EncodeToString(b), string(inJSON), fmt.Sprintf("%q", secret))
	}
	words := make([]rtmptest.Message, len(said))
	for i, text := range said {
		words[i] = rtmptest.OnStatus(1, "warning", "NetStream.Data."+text, text)
	}
	var sessions, videos atomic.Int32
	return rtmptest.Script{
		AckEvery: 1000,
		On: map[string]rtmptest.Handler{
			"connect": func(s *rtmptest.Session, m rtmptest.Message) {
				about := amf0.Object{{Name: "code", Value: "NetConnection.Connect.Success"}, {Name: "level", Value: "status"}}
				for _, text := range said {
					about = append(about, amf0.Property{Name: text, Value: "about " + text})
				}
				s.Send(rtmptest.NewCommand(0, "_result", m.Command().Transaction, amf0.Object{{Name: "fmsVer", Value: said[0]}}, about))
			},
			"publish": func(s *rtmptest.Session, m rtmptest.Message) {
				if sessions.Add(1) <= good {
					rtmptest.Then(rtmptest.Default(), rtmptest.Say(words...))(s, m)
					return
				}
				rtmptest.Refuse("NetStream.Publish.BadName", "no stream "+strings.Join(said, " nor "))(s, m)
			},
		},
		Message: func(s *rtmptest.Session, m rtmptest.Message) {
			if m.Type == 9 && videos.Add(1) > 60 {
				s.Reset()
			}
		},
	}
}

// echoingProxy refuses every login, and says it back.
func echoingProxy(t *testing.T) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() { // ends with the listener
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if request, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 407 not %s nor %s\r\nContent-Length: 0\r\n\r\n", hidden, request.Header.Get("Proxy-Authorization"))
			}
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return listener.Addr().String()
}
