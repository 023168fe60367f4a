package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
)

// nginx is nginx with its RTMP module. It tells the end of a recording by HTTP.
type nginx struct {
	events
	version string
	port    int
	process *process
	notify  *httptest.Server

	sessions  atomic.Int32 // of the application "each"
	publishes sync.Map     // by stream key: url.Values that the last one came with
}

// Token is what a stream key's query must hold in the application "token".
const Token = "g00d"

// nginxConfig takes the module's path, the folder of recordings, the port and
// the notify URL. One process in the foreground, and the recording as it comes.
const nginxConfig = `load_module %[1]s;
daemon off;
master_process off;
worker_processes 1;
error_log stderr warn;
pid nginx.pid;
events { worker_connections 512; }
rtmp {
	server {
		listen 127.0.0.1:%[2]d;
		ping 60s;
		application live {
			live on;
			record all;
			record_path %[3]s;
			record_suffix .flv;
			on_publish %[4]s;
			on_record_done %[4]s;
		}
		application append {
			live on;
			record all;
			record_append on;
			record_path %[3]s;
			record_suffix .flv;
			on_publish %[4]s;
			on_record_done %[4]s;
		}
		application each {
			live on;
			record all;
			record_path %[3]s;
			record_suffix .flv;
			on_publish %[4]s;
		}
		application token {
			live on;
			record all;
			record_path %[3]s;
			record_suffix .flv;
			on_publish %[4]s;
			on_record_done %[4]s;
		}
		application closed {
			live on;
			deny publish all;
		}
	}
}
`

// nginxModules are the places of the RTMP module in the distributions.
var nginxModules = []string{
	"/usr/lib/nginx/modules/ngx_rtmp_module.so",
	"/usr/lib64/nginx/modules/ngx_rtmp_module.so",
	"/etc/nginx/modules/ngx_rtmp_module.so",
}

// HasNginx tells what is missing for Nginx; nil when nothing is.
func HasNginx() error {
	if _, err := exec.LookPath("nginx"); err != nil {
		return err
	}
	_, err := nginxModule()
	return err
}

func nginxModule() (string, error) {
	for _, path := range nginxModules {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("nginx's RTMP module (libnginx-mod-rtmp) is in none of %s", strings.Join(nginxModules, ", "))
}

// Nginx starts nginx with the RTMP module in the folder dir.
func Nginx(ctx context.Context, dir string) (Server, error) {
	module, err := nginxModule()
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	n := &nginx{version: nginxVersion(ctx), port: port}
	n.notify = httptest.NewServer(http.HandlerFunc(n.told))
	config := fmt.Sprintf(nginxConfig, module, port, dir, n.notify.URL+"/told")
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(config), 0o600); err != nil {
		return nil, err
	}
	n.process, err = startProcess(dir, "nginx", "-p", dir, "-c", "nginx.conf", "-e", "stderr")
	if err != nil {
		n.notify.Close()
		return nil, err
	}
	if err := n.process.listening(ctx, port); err != nil {
		_ = n.Close()
		return nil, err
	}
	return n, nil
}

func nginxVersion(ctx context.Context) string {
	said, _ := exec.CommandContext(ctx, "nginx", "-v").CombinedOutput()
	return "nginx-rtmp (nginx " + string(regexp.MustCompile(`\d+(\.\d+)+`).Find(said)) + ")"
}

func (n *nginx) told(w http.ResponseWriter, r *http.Request) {
	switch r.FormValue("call") {
	case "publish":
		n.publishes.Store(r.FormValue("name"), r.Form)
		if r.FormValue("app") == "token" && r.FormValue("token") != Token {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if r.FormValue("app") == "each" { // another name for each, and so another file
			w.Header().Set("Location", fmt.Sprintf("%s.%04d", r.FormValue("name"), n.sessions.Add(1)))
			w.WriteHeader(http.StatusFound)
			return
		}
		n.complete(started+r.FormValue("name"), "")
	case "record_done":
		n.complete(r.FormValue("name"), r.FormValue("path"))
	}
}

// Name names nginx.
func (n *nginx) Name() string { return n.version }

// Expect waits for nginx's word that the recording is done.
func (n *nginx) Expect(_ context.Context, key string) (*Reception, error) {
	return &Reception{
		URL: fmt.Sprintf("rtmp://127.0.0.1:%d/live/%s", n.port, key), Started: n.expect(started + key), Wait: n.expect(key),
	}, nil
}

// Published is what the last publish of a key came with, as nginx tells it:
// call, app, flashver, type, and the query of the key.
func (n *nginx) Published(key string) url.Values {
	form, _ := n.publishes.Load(key)
	values, _ := form.(url.Values)
	return values
}

// Port is where nginx listens.
func (n *nginx) Port() int { return n.port }

// Close ends nginx.
func (n *nginx) Close() error {
	n.notify.Close()
	return n.process.stop()
}
