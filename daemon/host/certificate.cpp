#include "daemon/host/certificate.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <chrono>
#include <memory>

#include "drivers/iso_time.hpp"

namespace volt {

namespace {

template <auto release>
struct Free {
    template <class T>
    void operator()(T* it) const {
        release(it);
    }
};
using File = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Moment = std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>>;

/// Uses a difference, because `time_t` may have 32 bits.
std::optional<Utc> end_of(const X509& certificate) {
    const Moment epoch(ASN1_TIME_set(nullptr, 0));
    int days = 0, seconds = 0;
    if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(&certificate)) != 1) return std::nullopt;
    return Utc{24h * days + std::chrono::seconds{seconds}};
}

std::string name_of(const X509& certificate) {
    std::array<char, 256> text{};
    X509_NAME* subject = X509_get_subject_name(&certificate);
    if (X509_NAME_get_text_by_NID(subject, NID_commonName, text.data(), text.size()) <= 0)
        X509_NAME_oneline(subject, text.data(), text.size());
    return text.data();
}

}  // namespace

std::optional<CertificateEnd> first_to_end(const std::string& file) {
    const File bio(BIO_new_file(file.c_str(), "r"));
    std::optional<CertificateEnd> first;
    for (int count = 0; bio; ++count) {
        const Certificate one(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!one) break;
        if (count == most_certificates) return std::nullopt;
        const auto at = end_of(*one);
        if (at && (!first || *at < first->at)) first = CertificateEnd{name_of(*one), *at};
    }
    ERR_clear_error();
    return first;
}

std::string certificate_text(const std::optional<CertificateEnd>& first, const std::string& file, Utc now) {
    if (!first || first->at - now > certificate_warning) return "";
    const std::string when = iso_date(std::chrono::floor<std::chrono::seconds>(first->at).count());
    if (first->at <= now)
        return fmt::format("The certificate {} in {} ended on {}: voltd cannot connect to the broker with it. Replace it",
                           first->name, file, when);
    return fmt::format(
        "The certificate {} in {} ends on {}: after that voltd cannot connect to the broker. Replace it before then", first->name,
        file, when);
}

}  // namespace volt
