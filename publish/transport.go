package publish

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"

	"rtmpwriter/rtmp"
)

// The words of the option proxy that are no URL.
const (
	proxyDirect      = "direct"
	proxyEnvironment = "environment"
)

// maxPEM bounds a file of certificates; the authorities of a system have some
// hundred kilobytes.
const maxPEM = 8 << 20

// proxyValue refuses a proxy's URL where it is set.
type proxyValue string

func (v *proxyValue) Set(s string) error {
	_, err := findProxy(s)
	if err == nil {
		*v = proxyValue(s)
	}
	return err
}
func (v *proxyValue) String() string { return string(*v) }
func (v *proxyValue) Type() string   { return "proxy" }

// findProxy is the proxy of the option's text; nil: none.
func findProxy(text string) (*rtmp.Proxy, error) {
	switch text {
	case "", proxyDirect:
		return nil, nil
	case proxyEnvironment:
		return rtmp.EnvironmentProxy()
	}
	return rtmp.ParseProxy(text)
}

// proxy finds the proxy that the options name, in the environment too.
func (o *Options) proxy() (*rtmp.Proxy, error) {
	p, err := findProxy(o.Proxy)
	if err == nil {
		return p, nil
	}
	shown := "****"
	if o.Proxy == proxyEnvironment {
		shown = o.Proxy
	}
	return nil, &OptionError{Name: "proxy", Value: shown, Reason: err.Error()}
}

// tlsConfig lays the options over the configuration that a program has given,
// which stays as it is. An option that is not set leaves it; the higher one of
// two minimum versions holds.
func (o *Options) tlsConfig(given *tls.Config) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if given != nil {
		config = given.Clone()
	}
	config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	if o.TLSMinVersion == "1.3" {
		config.MinVersion = max(config.MinVersion, tls.VersionTLS13)
	}
	if o.TLSServerName != "" {
		config.ServerName = o.TLSServerName
	}
	if !o.TLSVerify {
		config.InsecureSkipVerify = true
	}
	if o.TLSCAFile != "" {
		authorities, err := readAuthorities(o.TLSCAFile)
		if err != nil {
			return nil, err
		}
		config.RootCAs = authorities
	}
	cert, err := o.clientCertificate()
	if err != nil {
		return nil, err
	}
	if cert != nil {
		config.Certificates, config.GetClientCertificate = []tls.Certificate{*cert}, nil
	}
	return config, nil
}

func readAuthorities(path string) (*x509.CertPool, error) {
	pem, err := readPEM("tls-ca-file", path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &OptionError{Name: "tls-ca-file", Value: path, Reason: "the file has no certificate in PEM form"}
	}
	return pool, nil
}

// clientCertificate is nil when there is none.
func (o *Options) clientCertificate() (*tls.Certificate, error) {
	if o.TLSCertFile == "" { // and no key: they go together
		return nil, nil
	}
	cert, err := readPEM("tls-cert-file", o.TLSCertFile)
	if err != nil {
		return nil, err
	}
	key, err := readPEM("tls-key-file", o.TLSKeyFile)
	if err != nil {
		return nil, err
	}
	if !x509.NewCertPool().AppendCertsFromPEM(cert) {
		return nil, &OptionError{Name: "tls-cert-file", Value: o.TLSCertFile, Reason: "the file has no certificate in PEM form"}
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil { // the error tells of the form, not of the content
		return nil, &OptionError{Name: "tls-key-file", Value: o.TLSKeyFile, Reason: "not the key of the certificate in " + o.TLSCertFile + ", or not a key in PEM form: " + err.Error()}
	}
	return &pair, nil
}

func readPEM(option, path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &OptionError{Name: option, Value: path, Reason: "there is no such file"}
	case err != nil:
	case info.IsDir():
		return nil, &OptionError{Name: option, Value: path, Reason: "a folder, not a file"}
	case info.Size() > maxPEM:
		return nil, &OptionError{Name: option, Value: path, Reason: "too large for a file of certificates"}
	}
	var content []byte
	if err == nil {
		content, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, &OptionError{Name: option, Value: path, Reason: "can't be read: " + bare(err).Error()}
	}
	return content, nil
}

// bare is an error of a file without the file's name, which is told beside it.
func bare(err error) error {
	var why *fs.PathError
	if errors.As(err, &why) {
		return why.Err
	}
	return err
}
