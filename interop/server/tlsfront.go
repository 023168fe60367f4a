package server

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// TLSFront is nginx's stream module: OpenSSL in front of an RTMP server that
// speaks none itself, as large services have it.
type TLSFront struct {
	// Port is where it listens on the loopback address.
	Port    int
	process *process
}

// tlsFrontConfig takes the module's path, the port, the files of certificate and
// key, further directives, and the RTMP server's port.
const tlsFrontConfig = `load_module %[1]s;
daemon off;
master_process off;
worker_processes 1;
error_log stderr warn;
pid front.pid;
events { worker_connections 64; }
stream {
	server {
		listen 127.0.0.1:%[2]d ssl;
		ssl_certificate %[3]s;
		ssl_certificate_key %[4]s;
		ssl_session_cache none;
		%[5]s
		proxy_pass 127.0.0.1:%[6]d;
	}
}
`

// HasTLSFront tells what is missing for StartTLSFront; nil when nothing is.
func HasTLSFront() error {
	if _, err := exec.LookPath("nginx"); err != nil {
		return err
	}
	_, err := streamModule()
	return err
}

func streamModule() (string, error) {
	for _, path := range nginxModules {
		path = filepath.Join(filepath.Dir(path), "ngx_stream_module.so")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("nginx's stream module (libnginx-mod-stream) is beside none of %s", strings.Join(nginxModules, ", "))
}

// StartTLSFront takes TLS connections for the RTMP server on port. Its
// certificate and key are PEM files; directives are more of nginx's stream
// module, ssl_protocols for example. Its files go to the folder dir.
func StartTLSFront(ctx context.Context, dir string, port int, certFile, keyFile, directives string) (*TLSFront, error) {
	module, err := streamModule()
	if err != nil {
		return nil, err
	}
	f := &TLSFront{}
	if f.Port, err = freePort(); err != nil {
		return nil, err
	}
	config := fmt.Sprintf(tlsFrontConfig, module, f.Port, certFile, keyFile, directives, port)
	if err := os.WriteFile(filepath.Join(dir, "front.conf"), []byte(config), 0o600); err != nil {
		return nil, err
	}
	if f.process, err = startProcess(dir, "nginx", "-p", dir, "-c", "front.conf", "-e", "stderr"); err != nil {
		return nil, err
	}
	if err := f.process.listening(ctx, f.Port); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// Close ends it.
func (f *TLSFront) Close() error { return f.process.stop() }
