// A certificate for localhost and mesh.test that nobody trusts but who is told to. Its key is here because it guards nothing.

import NIOSSL
import TestSupport

enum TestCertificate {
    static var server: TLSConfiguration {
        get throws {
            .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
        }
    }

    /// A file with the certificate, for `SSL_CERT_FILE`.
    static func file(in directory: TemporaryDirectory) throws -> String {
        try directory.write("certificate.pem", certificate)
    }

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaoh10suTL4brcLwu
        PCIUiIcSnFeTc+itNrZ9yLwwQR6hRANCAASxAaAV+KvHjh854sbhAEGMZRe2AUAj
        e+mfxG9Kp3WAM8qT2BjR3Xi5EhrzvGIYs7Edpw/potPv66F14A87Zimt
        -----END PRIVATE KEY-----
        """

    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBazCCARKgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
        CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLEBoBX4q8eOHzni
        xuEAQYxlF7YBQCN76Z/Eb0qndYAzypPYGNHdeLkSGvO8YhizsR2nD+mi0+/roXXg
        DztmKa2jUzBRMA8GA1UdEwEB/wQFMAMBAf8wHwYDVR0RBBgwFoIJbG9jYWxob3N0
        ggltZXNoLnRlc3QwHQYDVR0OBBYEFK/RiXs/kDWNUsH5yk2+qFG0A2rNMAoGCCqG
        SM49BAMCA0cAMEQCIBPjBkXO3Z3dnIOfprHKEfAmkKFE9VdtUaVXksGKzni2AiAJ
        nm92jMGAMh/t3YovsWmjy+veknJ2OD7KAQCxFSeMdg==
        -----END CERTIFICATE-----
        """
}
